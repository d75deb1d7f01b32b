import type { Failure } from "../../shared/failure.ts";
import type { FolderId } from "../../shared/ids.ts";
import type { StageTimes, SyncStage } from "../../shared/sync-stages.ts";

/** One synchronisation that came to an end: from the line to the last that was to do. */
export type FinishedRound = {
  /** ms UTC */
  readonly beganAt: number;
  readonly tookMs: number;
  readonly stages: StageTimes;
  /** A line was opened for it. */
  readonly opened: boolean;
  /** The first since the account began to run. */
  readonly first: boolean;
  /** `cut`: the user wished it, or the program ended. */
  readonly outcome: "done" | "cut" | "failed";
  readonly failure: Failure | null;
  /** Folders that were looked into or fetched from, those that took longest first. */
  readonly folders: { readonly folderId: FolderId; readonly tookMs: number }[];
  /** How many there were. */
  readonly folderCount: number;
  readonly messages: number;
  readonly bytes: number;
  /** Folders that were known again under another name. */
  readonly renamed: number;
  /** Mail in bulk had to wait meanwhile. */
  readonly pause: string | null;
};

type Running = {
  readonly beganAt: number;
  readonly began: number;
  readonly first: boolean;
  readonly stages: Map<SyncStage, number>;
  readonly folders: Map<FolderId, number>;
  readonly open: SyncStage[];
  at: number;
  opened: boolean;
  worked: boolean;
  headers: number;
  bodies: number;
  bytes: number;
  renamed: number;
};

type Needs = {
  readonly clock: () => number;
  readonly pause: () => string | null;
  readonly onRound: (round: FinishedRound) => void;
  /** Milliseconds that no setting of the clock changes. */
  readonly now?: () => number;
};

/** While these go on, whatever else is under way waits for them: the thread does one thing at a time, and the line is held. */
const FOREMOST: readonly SyncStage[] = ["index", "store", "held"];
const MOST_FOLDERS = 8;

/**
 * Where the time of a synchronisation goes. Stages may overlap, since two connections work at once; each moment counts for one of them, so that
 * the parts add up to the whole. Costs nothing while nothing is synchronised.
 */
export class RoundWatch {
  readonly #needs: Needs;
  readonly #now: () => number;
  #running: Running | null = null;
  #rounds = 0;

  constructor(needs: Needs) {
    this.#needs = needs;
    this.#now = needs.now ?? (() => performance.now());
  }

  /** A round begins, unless one is under way. */
  begin(): void {
    if (this.#running !== null) return;
    const began = this.#now();
    this.#running = {
      beganAt: this.#needs.clock(),
      began,
      first: this.#rounds === 0,
      stages: new Map(),
      folders: new Map(),
      open: [],
      at: began,
      opened: false,
      worked: false,
      headers: 0,
      bodies: 0,
      bytes: 0,
      renamed: 0,
    };
  }

  /** A stage begins. @returns its end */
  stage(stage: SyncStage): () => void {
    const running = this.#running;
    if (running === null) return () => undefined;
    this.#count(running);
    running.open.push(stage);
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      this.#count(running);
      const at = running.open.lastIndexOf(stage);
      if (at >= 0) running.open.splice(at, 1);
    };
  }

  /** Work that is one stage; also of others that are under way. */
  during<T>(stage: SyncStage, work: () => T): T {
    const leave = this.stage(stage);
    try {
      return work();
    } finally {
      leave();
    }
  }

  async while<T>(stage: SyncStage, work: () => Promise<T>): Promise<T> {
    const leave = this.stage(stage);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** There is a line now that was not there before. */
  opened(): void {
    if (this.#running !== null) this.#running.opened = true;
  }

  /** It is a synchronisation, and no mere sign of life. */
  worked(): void {
    if (this.#running !== null) this.#running.worked = true;
  }

  /** So much of the round was spent in a folder. */
  async inFolder<T>(folderId: FolderId, work: () => Promise<T>): Promise<T> {
    const running = this.#running;
    const began = this.#now();
    try {
      return await work();
    } finally {
      running?.folders.set(folderId, (running.folders.get(folderId) ?? 0) + this.#now() - began);
    }
  }

  listed(messages: number): void {
    if (this.#running !== null) this.#running.headers += messages;
  }

  knownAgain(folders: number): void {
    if (this.#running !== null) this.#running.renamed += folders;
  }

  came(messages: number, bytes: number): void {
    if (this.#running === null) return;
    this.#running.bodies += messages;
    this.#running.bytes += bytes;
  }

  /** The round is over; what did nothing but keep the line is forgotten. */
  end(outcome: "done" | "cut" | Failure): void {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    this.#count(running);
    const failure = typeof outcome === "string" ? null : outcome;
    if (!running.worked && failure === null) return;
    this.#rounds += 1;
    const folders = [...running.folders].map(([folderId, tookMs]) => ({ folderId, tookMs: Math.round(tookMs) }));
    this.#needs.onRound({
      beganAt: running.beganAt,
      tookMs: Math.round(running.at - running.began),
      stages: Object.fromEntries([...running.stages].map(([stage, ms]) => [stage, Math.round(ms)])),
      opened: running.opened,
      first: running.first,
      outcome: typeof outcome === "string" ? outcome : "failed",
      failure,
      folders: folders.toSorted((one, other) => other.tookMs - one.tookMs).slice(0, MOST_FOLDERS),
      folderCount: folders.length,
      // A message whose bytes came was listed as well, in this round or an earlier one.
      messages: Math.max(running.headers, running.bodies),
      bytes: running.bytes,
      renamed: running.renamed,
      pause: this.#needs.pause(),
    });
  }

  /** What has passed since the last change goes to the stage of now. */
  #count(running: Running): void {
    const now = this.#now();
    const stage = FOREMOST.find((one) => running.open.includes(one)) ?? running.open.at(-1) ?? "other";
    const passed = now - running.at;
    if (passed > 0) running.stages.set(stage, (running.stages.get(stage) ?? 0) + passed);
    running.at = now;
  }
}
