import type { AccountHealth } from "../../shared/contract/health.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { FolderId } from "../../shared/ids.ts";
import { openSession, type Session } from "../imap/session.ts";
import { Stranger } from "../plan/captive-portal.ts";
import { ALL_MAIL, isLabel } from "../plan/labels.ts";
import { reactionTo } from "../plan/reaction.ts";
import { readFolders, wasReached } from "../store/folders.ts";
import { breathe } from "../store/slices.ts";
import { readHealth } from "./account-health.ts";
import { AccountState } from "./account-state.ts";
import { countDeleted, finishEmptying } from "./empty-trash.ts";
import { Errands } from "./errands.ts";
import { type Filing, type Found, fileSent, findInSent, type ToFile } from "./file-sent.ts";
import { JobBoard, type Lane as LaneName } from "./job-board.ts";
import { Lane, type LaneState } from "./lane.ts";
import { LastGiven } from "./last-given.ts";
import { OpeningStages } from "./opening-stages.ts";
import { PHASE, runJob } from "./run-job.ts";
import type { AccountOptions, RunningAccount } from "./running-account.ts";
import type { KnownListing } from "./take-folder-list.ts";
import { watchInbox } from "./watch-inbox.ts";

const SECOND = 1000;
/** Shorter than what the line's silence may last; also finds out that a resting line is dead. */
const KEEP_ALIVE_MS = 75 * SECOND;
const LOOK_AROUND_MS = 3 * 60 * SECOND;
const LOOK_WITHOUT_IDLE_MS = 60 * SECOND;
/** Looks on battery are so much rarer, and a line with nothing to do for so long is given up: only the one that watches the inbox stays. */
const ON_BATTERY = 3;
const REST_ON_BATTERY_MS = 60 * SECOND;
/** On battery the line that watches may be silent for so long: less than routers forget one, and than the half an hour of RFC 2177. */
const SILENCE_ON_BATTERY_MS = 9 * 60 * SECOND;
const GRACE_MS = 8 * SECOND;
/** Between two looks at an inbox of which the server tells. */
const LOOK_AGAIN_MS = 500;

/** One running IMAP account: three connections (work, help, watch), the board of what is to be done, and the timers. */
export class ImapAccount implements RunningAccount {
  readonly #options: AccountOptions;
  readonly #state: AccountState;
  readonly #board: JobBoard;
  readonly #errands = new Errands();
  readonly #lanes: { readonly work: Lane; readonly helper: Lane; readonly watch: Lane };
  readonly #known: KnownListing = { text: null, unchecked: null };
  readonly #repeating = new Map<string, () => void>();
  #helperAllowed: boolean;
  #canIdle: boolean | null = null;
  #onBattery = false;
  #faulty = false;
  #looking: (() => void) | null = null;
  #changedSince = false;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#state = new AccountState(options, {
      health: () => this.health(),
      onResume: () => this.policyChanged(),
      onFreed: () => {
        // Or another account waits for bytes of this one.
        this.#board.wantDownloads();
        this.operationsAsked();
      },
    });
    this.#helperAllowed = this.#canHelp;
    this.#board = new JobBoard(this.#state.work);
    this.#lanes = {
      work: this.#lane(
        "work",
        () => (this.#onBattery ? REST_ON_BATTERY_MS : null),
        (session) => this.#runAll("work", session),
        (state) => this.#mainState(state),
      ),
      helper: this.#lane(
        "helper",
        () => 20 * SECOND,
        (session) => this.#runAll("helper", session),
        (state) => this.#helperState(state),
      ),
      watch: this.#lane(
        "watch",
        () => null,
        (session) =>
          watchInbox(session, {
            onChange: () => this.#inboxChanged(),
            silenceMs: () => (this.#onBattery ? SILENCE_ON_BATTERY_MS : null),
          }),
        (state) => this.#watchState(state),
      ),
    };
    this.#repeatAll();
    if (!options.account.paused) this.#resume();
  }

  health(): AccountHealth {
    return readHealth(this.#state.work, this.#state.condition);
  }

  wake(): void {
    if (this.#state.condition.lane.kind === "stopped" || !this.#state.running) return;
    for (const lane of Object.values(this.#lanes)) lane.renew(GRACE_MS);
    this.#look(false);
  }

  setConditions({ onBattery, metered }: { onBattery: boolean; metered: boolean }): void {
    if (onBattery !== this.#onBattery) {
      this.#onBattery = onBattery;
      this.#repeatAll();
    }
    this.#state.work.governor.setMetered(metered);
    this.policyChanged();
  }

  setOffline(on: boolean): void {
    this.#state.change({ offline: on });
    this.#switch();
  }

  setPaused(on: boolean): void {
    this.#state.change({ paused: on });
    this.#switch();
  }

  setStorage(trouble: Failure | null): void {
    this.#state.change({ storage: trouble });
    this.#switch();
  }

  syncNow(): Promise<void> {
    return this.#state.untilCompared(() => {
      this.#board.wantRound(true);
      this.#state.change({ compared: false });
      this.#lanes.work.retryNow();
    });
  }

  downloadsAsked(): void {
    this.#board.wantDownloads();
    this.#lanes.work.poke();
    if (this.#state.condition.phase !== "idle" && this.#helperAllowed) this.#lanes.helper.poke();
  }

  secondsFor(bytes: number): number | null {
    return this.#state.work.governor.secondsFor(bytes, this.#state.work.speed.bytesPerSecond);
  }

  policyChanged(): void {
    this.#board.wantBodies();
    this.#lanes.work.poke();
    this.#state.tell();
  }

  operationsAsked(): void {
    this.#board.wantOperations();
    this.#lanes.work.poke();
    this.#state.tell();
  }

  async appendSent(message: ToFile): Promise<Filing> {
    const outcome = await this.#ask((session) => fileSent(this.#state.work, session, message));
    this.#folderChanged("sent");
    return outcome;
  }

  findInSent(messageIdHeader: string, toSelf = false): Promise<Found> {
    return this.#ask((session) => findInSent(this.#state.work, session, messageIdHeader, toSelf));
  }

  emptyPreview(folderId: FolderId): Promise<{ others: number }> {
    return this.#ask(async (session) => ({ others: await countDeleted(this.#state.work, session, folderId) }));
  }

  finishEmptying(folderId: FolderId): Promise<void> {
    return this.#ask((session) => finishEmptying(this.#state.work, session, folderId, this.#known));
  }

  async stop(): Promise<void> {
    this.#state.stop();
    for (const cancel of this.#repeating.values()) cancel();
    this.#looking?.();
    this.#giveUp(new Failure("working-offline"));
    await Promise.all(Object.values(this.#lanes).map((lane) => lane.hold()));
  }

  /** One connection of those that the provider allows is for work, the next to watch the inbox, the third helps. */
  get #canWatch(): boolean {
    return (this.#state.work.governor.limits.connections ?? 2) >= 2;
  }

  get #canHelp(): boolean {
    return (this.#state.work.governor.limits.connections ?? 3) >= 3;
  }

  #lane(
    name: LaneName | "watch",
    idleMs: () => number | null,
    work: (session: Session) => Promise<void>,
    onState: (state: LaneState) => void,
  ): Lane {
    const { account, version, ca, silenceMs, random, clock, via } = this.#options;
    const stranger = new Stranger();
    const credential = new LastGiven(this.#options.credential);
    const open = async (signal: AbortSignal, refused: boolean) => {
      const { store, accountId, parsePool, round } = this.#state.work;
      if (!wasReached(store, accountId)) parsePool.prepare();
      // The others are opened beside the work and delay nothing.
      const stages = name === "work" ? new OpeningStages(round) : null;
      stages?.at("turn");
      await this.#state.work.governor.login(signal);
      stages?.at("credential");
      const session = await openSession({
        server: account.settings.incoming,
        credential: () => credential.next(refused),
        log: this.#state.work.log,
        version: version ?? "0",
        ca,
        via,
        silenceMs: silenceMs ?? 100 * SECOND,
        allocate: (sizeBytes) => this.#state.work.parsePool.memoryFor(sizeBytes),
        signal,
        onStage: (stage) => stages?.at(stage),
      }).catch((error: unknown) => {
        stages?.end(false);
        const others = Object.values(this.#lanes).filter(({ session }) => session !== null).length;
        const failure = asFailure(error);
        this.#state.work.governor.connectionRefused(failure, others);
        throw stranger.told(failure, wasReached(this.#state.work.store, this.#state.work.accountId), clock());
      });
      stages?.end(true);
      stranger.gone();
      return session;
    };
    return new Lane({ open, work, idleMs, onState, timers: this.#state.timers, clock, random });
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
      // What was taken in last is one thing, and what is asked for next another: others get the thread in between.
      if (worked) await breathe();
      const job = this.#board.take(name);
      if (!job) break;
      worked = true;
      if (name === "work" && job.kind !== "operations") this.#state.work.round.worked();
      if (job.kind === "round") this.#faulty = false;
      if (name === "work") this.#state.change({ phase: PHASE[job.kind] });
      if (name === "work" && (job.kind === "older" || job.kind === "bodies") && this.#helperAllowed) this.#lanes.helper.poke();
      try {
        await runJob(this.#state.work, this.#board, session, job, this.#known);
      } catch (error) {
        const failure = asFailure(error);
        if (failure.kind === "throttled" && (job.kind === "bodies" || job.kind === "older")) {
          this.#state.work.governor.refused(failure);
          this.#state.tell();
          if (!session.closed) continue;
        }
        if (session.closed || reactionTo(failure, false) !== "skip-task") throw failure;
        this.#skipped(job.kind, failure);
      }
      if (name === "helper") this.#lanes.work.poke();
      this.#compared();
    }
    if (!worked && name === "work") await session.send("NOOP", []);
    if (name === "work") this.#state.change({ phase: "idle" });
    this.#compared();
  }

  /** One task given up; a fault of ours leaves the account "working" until a later round goes through. */
  #skipped(job: string, failure: Failure): void {
    if (failure.kind === "bug") {
      this.#faulty = true;
      this.#state.work.log.error("sync.task-failed", failure.cause ?? failure, { job });
    } else this.#state.work.log.warn("sync.task-refused", { job, code: failure.code });
  }

  #compared(): void {
    if (!this.#board.compared) return;
    if (!this.#faulty) this.#state.change({ compared: true, syncedAt: this.#options.clock() });
    for (const { resolve } of this.#state.takeWaiting()) resolve();
    if (this.#canIdle && this.#canWatch && this.#state.running) this.#lanes.watch.poke();
  }

  /** A server may tell of thousands of changes a second: all that it told of meanwhile is one look, and others' work comes in between. */
  #inboxChanged(): void {
    if (this.#looking !== null) {
      this.#changedSince = true;
      return;
    }
    this.#folderChanged("inbox");
    this.#looking = this.#state.timers.after(LOOK_AGAIN_MS, () => {
      this.#looking = null;
      if (!this.#changedSince) return;
      this.#changedSince = false;
      if (this.#state.running) this.#inboxChanged();
    });
  }

  /** There is something new in it: one look, without waiting for the next round. */
  #folderChanged(role: "inbox" | "sent"): void {
    const folders = readFolders(this.#state.work.store, this.#state.work.accountId);
    const shown = folders.find((one) => one.role === role);
    const folder = shown && isLabel(shown) ? folders.find(({ label }) => label === ALL_MAIL) : shown;
    if (!folder) return;
    this.#board.wantFolder(folder.id, false);
    this.#lanes.work.poke();
  }

  #look(compare: boolean): void {
    this.#board.wantRound(compare);
    this.#lanes.work.poke();
  }

  #ask<T>(question: (session: Session) => Promise<T>): Promise<T> {
    const { lane } = this.#state.condition;
    if (!this.#state.running) return Promise.reject(new Failure("working-offline"));
    if (lane.kind === "waiting" || lane.kind === "stopped") return Promise.reject(lane.failure);
    const answer = this.#errands.ask(question);
    this.#lanes.work.poke();
    return answer;
  }

  #mainState(lane: LaneState): void {
    this.#state.followRound(lane);
    this.#state.change(lane.kind === "waiting" || lane.kind === "stopped" ? { lane, phase: "idle" } : { lane });
    if (lane.kind !== "waiting" && lane.kind !== "stopped") return;
    this.#state.work.log.info("sync.line-down", { code: lane.failure.code });
    this.#giveUp(lane.failure);
    if (lane.kind === "stopped") for (const other of [this.#lanes.helper, this.#lanes.watch]) void other.hold();
  }

  #watchState(lane: LaneState): void {
    // A resting line tells nobody that it died, so that the account would look well for another while: let it be tried.
    if (lane.kind === "waiting") this.#lanes.work.poke();
    // Only the working line tells the user of a sign-in that is not taken any more, when it needs one: now, if it dies at rest, not at the next look.
    if (lane.kind === "stopped") this.#lanes.work.onLostAtRest(() => this.#lanes.work.poke());
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
    this.#state.giveUp(failure);
  }

  #switch(): void {
    if (this.#state.stopped) return;
    if (this.#state.running) {
      this.#resume();
      return;
    }
    this.#giveUp(new Failure("working-offline"));
    for (const lane of Object.values(this.#lanes)) void lane.hold();
  }

  #resume(): void {
    this.#helperAllowed = this.#canHelp;
    this.#board.wantRound(true);
    this.#state.change({ compared: false });
    this.#lanes.work.release();
    this.#lanes.helper.unlock();
    this.#lanes.watch.unlock();
  }

  /** At the pace of the power that there is. */
  #repeatAll(): void {
    for (const cancel of this.#repeating.values()) cancel();
    this.#repeating.clear();
    this.#repeat(
      "look",
      () => (this.#canIdle === false || !this.#canWatch ? LOOK_WITHOUT_IDLE_MS : LOOK_AROUND_MS) * (this.#onBattery ? ON_BATTERY : 1),
      () => this.#look(false),
    );
    if (this.#onBattery) return;
    this.#repeat(
      "alive",
      () => KEEP_ALIVE_MS,
      () => {
        if (this.#state.work.room.waits) this.policyChanged();
        else this.#lanes.work.look((session) => session.send("NOOP", []));
      },
    );
  }

  #repeat(name: string, everyMs: () => number, work: () => void): void {
    const again = () =>
      this.#repeating.set(
        name,
        this.#state.timers.after(everyMs(), () => {
          if (this.#state.running) work();
          again();
        }),
      );
    again();
  }
}
