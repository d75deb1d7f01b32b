import type { AccountSummary, Credential } from "../../shared/contract/accounts.ts";
import type { AccountHealth } from "../../shared/contract/health.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { FolderId } from "../../shared/ids.ts";
import { openSession, type Session } from "../imap/session.ts";
import type { Log } from "../log.ts";
import { reactionTo } from "../plan/reaction.ts";
import { readFolders } from "../store/folders.ts";
import type { Store } from "../store/open.ts";
import { type Condition, readHealth, stateOf } from "./account-health.ts";
import type { AccountWork, OnIndexText, ParsePool } from "./account-work.ts";
import { ByteGate } from "./byte-gate.ts";
import { CommitPace } from "./commit-pace.ts";
import { countDeleted, finishEmptying } from "./empty-trash.ts";
import { Errands } from "./errands.ts";
import { fileSent, findInSent, type ToFile } from "./file-sent.ts";
import { JobBoard, type Lane as LaneName } from "./job-board.ts";
import { Lane, type LaneState } from "./lane.ts";
import { LineSpeed } from "./line-speed.ts";
import { PHASE, runJob } from "./run-job.ts";
import { systemTimers, type Timers } from "./timers.ts";
import { watchInbox } from "./watch-inbox.ts";

export type AccountOptions = {
  readonly store: Store;
  readonly account: Pick<AccountSummary, "id" | "settings" | "paused">;
  readonly log: Log;
  /** Asked for every connection, so that tokens may be refreshed in between. */
  readonly credential: () => Promise<Credential>;
  readonly parsePool: ParsePool;
  readonly clock: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly timers?: Timers;
  readonly onHealth?: (health: AccountHealth) => void;
  readonly onIndexText?: OnIndexText;
  /** For the ID command. */
  readonly version?: string;
  /** PEM of an authority trusted besides the built-in ones. */
  readonly ca?: string | undefined;
  readonly silenceMs?: number;
};

export interface RunningAccount {
  health(): AccountHealth;
  /** The network has changed, or the computer has woken up. */
  wake(): void;
  /** The user's work-offline switch. */
  setOffline(on: boolean): void;
  setPaused(on: boolean): void;
  /** Looks at everything now; resolves when all folders have been compared, rejects when the server cannot be reached. */
  syncNow(): Promise<void>;
  /** There are new rows in the download table. */
  downloadsAsked(): void;
  /** There are new operations. */
  operationsAsked(): void;
  /** Files a sent message, unless Sent has it already. */
  appendSent(message: ToFile): Promise<{ filed: boolean; already: boolean }>;
  findInSent(messageIdHeader: string): Promise<boolean>;
  /** What emptying this folder would take besides what is shown in it. */
  emptyPreview(folderId: FolderId): Promise<{ others: number }>;
  /** After the operations that empty the folder: the EXPUNGE for servers that cannot remove single messages. */
  finishEmptying(folderId: FolderId): Promise<void>;
  stop(): Promise<void>;
}

const SECOND = 1000;
/** Shorter than what the line's silence may last; also finds out that a resting line is dead. */
const KEEP_ALIVE_MS = 45 * SECOND;
const LOOK_AROUND_MS = 3 * 60 * SECOND;
const LOOK_WITHOUT_IDLE_MS = 60 * SECOND;
const GRACE_MS = 8 * SECOND;
/** Bytes between the line and the store. */
const IN_FLIGHT = 8 * 1024 * 1024;

export function startAccount(options: AccountOptions): RunningAccount {
  return new Account(options);
}

/** One running IMAP account: three connections (work, help, watch), the board of what is to be done, and the timers. */
class Account implements RunningAccount {
  readonly #options: AccountOptions;
  readonly #timers: Timers;
  readonly #work: AccountWork;
  readonly #board: JobBoard;
  readonly #errands = new Errands();
  readonly #lanes: { readonly work: Lane; readonly helper: Lane; readonly watch: Lane };
  readonly #known = { text: null as string | null };
  readonly #repeating = new Map<string, () => void>();
  #comparers: { resolve: () => void; reject: (failure: Failure) => void }[] = [];
  #condition: Condition;
  #helperAllowed = true;
  #canIdle: boolean | null = null;
  #telling: (() => void) | null = null;
  #stopped = false;
  #faulty = false;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#timers = options.timers ?? systemTimers;
    this.#work = {
      accountId: options.account.id,
      store: options.store,
      log: options.log.with({ account: options.account.id }),
      clock: options.clock,
      parsePool: options.parsePool,
      gate: new ByteGate(IN_FLIGHT),
      speed: new LineSpeed(options.clock),
      pace: new CommitPace(),
      onIndexText: options.onIndexText,
      progressed: () => this.#tell(),
    };
    this.#board = new JobBoard(this.#work);
    const paused = options.account.paused;
    this.#condition = {
      lane: { kind: "resting" },
      phase: "idle",
      offline: false,
      paused,
      since: options.clock(),
      syncedAt: null,
      compared: false,
    };
    this.#lanes = {
      work: this.#lane(
        (session) => this.#runAll("work", session),
        null,
        (state) => this.#mainState(state),
      ),
      helper: this.#lane(
        (session) => this.#runAll("helper", session),
        20 * SECOND,
        (state) => this.#helperState(state),
      ),
      watch: this.#lane(
        (session) => watchInbox(session, () => this.#folderChanged("inbox")),
        null,
        // A resting line tells nobody that it died, so that the account would look well for another while: let it be tried.
        (state) => state.kind === "waiting" && this.#lanes.work.poke(),
      ),
    };
    this.#repeat(
      "alive",
      () => KEEP_ALIVE_MS,
      () => this.#lanes.work.poke(),
    );
    this.#repeat(
      "look",
      () => (this.#canIdle === false ? LOOK_WITHOUT_IDLE_MS : LOOK_AROUND_MS),
      () => this.#look(false),
    );
    if (!paused) this.#resume();
  }

  health(): AccountHealth {
    return readHealth(this.#work, this.#condition);
  }

  wake(): void {
    if (this.#condition.lane.kind === "stopped" || !this.#running) return;
    for (const lane of Object.values(this.#lanes)) lane.renew(GRACE_MS);
    this.#look(false);
  }

  setOffline(on: boolean): void {
    this.#change({ offline: on });
    this.#switch();
  }

  setPaused(on: boolean): void {
    this.#change({ paused: on });
    this.#switch();
  }

  syncNow(): Promise<void> {
    if (!this.#running) return Promise.reject(new Failure("working-offline"));
    return new Promise((resolve, reject) => {
      this.#comparers.push({ resolve, reject });
      this.#board.wantRound(true);
      this.#change({ compared: false });
      this.#lanes.work.retryNow();
    });
  }

  downloadsAsked(): void {
    this.#board.wantDownloads();
    this.#lanes.work.poke();
    if (this.#condition.phase !== "idle" && this.#helperAllowed) this.#lanes.helper.poke();
  }

  operationsAsked(): void {
    this.#board.wantOperations();
    this.#lanes.work.poke();
    this.#tell();
  }

  async appendSent(message: ToFile): Promise<{ filed: boolean; already: boolean }> {
    const outcome = await this.#ask((session) => fileSent(this.#work, session, message));
    this.#folderChanged("sent");
    return outcome;
  }

  findInSent(messageIdHeader: string): Promise<boolean> {
    return this.#ask((session) => findInSent(this.#work, session, messageIdHeader));
  }

  emptyPreview(folderId: FolderId): Promise<{ others: number }> {
    return this.#ask(async (session) => ({ others: await countDeleted(this.#work, session, folderId) }));
  }

  finishEmptying(folderId: FolderId): Promise<void> {
    return this.#ask((session) => finishEmptying(this.#work, session, folderId));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#repeating.values()) cancel();
    this.#telling?.();
    this.#giveUp(new Failure("working-offline"));
    await Promise.all(Object.values(this.#lanes).map((lane) => lane.hold()));
  }

  get #running(): boolean {
    return !this.#stopped && !this.#condition.offline && !this.#condition.paused;
  }

  #lane(work: (session: Session) => Promise<void>, idleMs: number | null, onState: (state: LaneState) => void): Lane {
    const { account, credential, version, ca, silenceMs, random, clock } = this.#options;
    const open = (signal: AbortSignal) =>
      openSession({
        server: account.settings.incoming,
        credential,
        log: this.#work.log,
        version: version ?? "0",
        ca,
        silenceMs: silenceMs ?? 60 * SECOND,
        signal,
      });
    return new Lane({ open, work, idleMs, onState, timers: this.#timers, clock, random });
  }

  /** Serves the board until there is nothing left for this connection. */
  async #runAll(name: LaneName, session: Session): Promise<void> {
    if (name === "work") this.#canIdle = session.abilities.idle;
    let worked = false;
    for (;;) {
      if (name === "work" && this.#errands.any) {
        await this.#errands.runAll(session);
        worked = true;
      }
      const job = this.#board.take(name);
      if (!job) break;
      worked = true;
      if (job.kind === "round") this.#faulty = false;
      if (name === "work") this.#change({ phase: PHASE[job.kind] });
      if (name === "work" && (job.kind === "older" || job.kind === "bodies") && this.#helperAllowed) this.#lanes.helper.poke();
      try {
        await runJob(this.#work, this.#board, session, job, this.#known);
      } catch (error) {
        const failure = asFailure(error);
        if (session.closed || reactionTo(failure, false) !== "skip-task") throw failure;
        this.#skipped(job.kind, failure);
      }
      if (name === "helper") this.#lanes.work.poke();
      this.#compared();
    }
    if (!worked && name === "work") await session.send("NOOP", []);
    if (name === "work") this.#change({ phase: "idle" });
    this.#compared();
  }

  /** One task given up; a fault of ours leaves the account "working" until a later round goes through. */
  #skipped(job: string, failure: Failure): void {
    if (failure.kind === "bug") {
      this.#faulty = true;
      this.#work.log.error("sync.task-failed", failure.cause ?? failure, { job });
    } else this.#work.log.warn("sync.task-refused", { job, code: failure.code });
  }

  #compared(): void {
    if (!this.#board.compared) return;
    if (!this.#faulty) this.#change({ compared: true, syncedAt: this.#options.clock() });
    const comparers = this.#comparers;
    this.#comparers = [];
    for (const { resolve } of comparers) resolve();
    if (this.#canIdle && this.#running) this.#lanes.watch.poke();
  }

  /** There is something new in it: one look, without waiting for the next round. */
  #folderChanged(role: "inbox" | "sent"): void {
    const folder = readFolders(this.#work.store, this.#work.accountId).find((one) => one.role === role);
    if (!folder) return;
    this.#board.wantFolder(folder.id, false);
    this.#lanes.work.poke();
  }

  #look(compare: boolean): void {
    this.#board.wantRound(compare);
    this.#lanes.work.poke();
  }

  #ask<T>(question: (session: Session) => Promise<T>): Promise<T> {
    const { lane } = this.#condition;
    if (!this.#running) return Promise.reject(new Failure("working-offline"));
    if (lane.kind === "waiting" || lane.kind === "stopped") return Promise.reject(lane.failure);
    const answer = this.#errands.ask(question);
    this.#lanes.work.poke();
    return answer;
  }

  #mainState(lane: LaneState): void {
    this.#change(lane.kind === "waiting" || lane.kind === "stopped" ? { lane, phase: "idle" } : { lane });
    if (lane.kind !== "waiting" && lane.kind !== "stopped") return;
    this.#work.log.info("sync.line-down", { code: lane.failure.code });
    this.#giveUp(lane.failure);
    if (lane.kind === "stopped") for (const other of [this.#lanes.helper, this.#lanes.watch]) void other.hold();
  }

  #helperState(lane: LaneState): void {
    // The server allows no more connections: one has to do.
    if (lane.kind !== "waiting" && lane.kind !== "stopped") return;
    this.#helperAllowed = false;
    void this.#lanes.helper.hold();
    this.#lanes.work.poke();
  }

  #giveUp(failure: Failure): void {
    this.#errands.failAll(failure);
    const comparers = this.#comparers;
    this.#comparers = [];
    for (const { reject } of comparers) reject(failure);
  }

  #switch(): void {
    if (this.#stopped) return;
    if (this.#running) {
      this.#resume();
      return;
    }
    this.#giveUp(new Failure("working-offline"));
    for (const lane of Object.values(this.#lanes)) void lane.hold();
  }

  #resume(): void {
    this.#helperAllowed = true;
    this.#board.wantRound(true);
    this.#change({ compared: false });
    this.#lanes.work.release();
    this.#lanes.helper.unlock();
    this.#lanes.watch.unlock();
  }

  #repeat(name: string, everyMs: () => number, work: () => void): void {
    const again = () =>
      this.#repeating.set(
        name,
        this.#timers.after(everyMs(), () => {
          if (this.#running) work();
          again();
        }),
      );
    again();
  }

  #change(news: Partial<Condition>): void {
    const before = stateOf(this.#condition);
    this.#condition = { ...this.#condition, ...news };
    if (stateOf(this.#condition) !== before) this.#condition = { ...this.#condition, since: this.#options.clock() };
    this.#tell();
  }

  /** At most five times a second: counting is cheap but not free. */
  #tell(): void {
    const { onHealth } = this.#options;
    if (!onHealth || this.#telling || this.#stopped) return;
    this.#telling = this.#timers.after(200, () => {
      this.#telling = null;
      onHealth(this.health());
    });
  }
}
