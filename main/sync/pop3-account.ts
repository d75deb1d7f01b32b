import type { AccountHealth } from "../../shared/contract/health.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { FolderId } from "../../shared/ids.ts";
import { Stranger } from "../plan/captive-portal.ts";
import { openSession, type Session } from "../pop3/session.ts";
import { folderOfRole, wasReached } from "../store/folders.ts";
import { ensureLocalFolders } from "../store/local-folders.ts";
import { readHealth } from "./account-health.ts";
import { AccountState } from "./account-state.ts";
import { fileLocally, findLocally } from "./file-locally.ts";
import type { Filing, Found, ToFile } from "./file-sent.ts";
import { Lane, type LaneState } from "./lane.ts";
import { LastGiven } from "./last-given.ts";
import { OpeningStages } from "./opening-stages.ts";
import { pop3Round, type ToGo, Trouble } from "./pop3-round.ts";
import type { AccountOptions, RunningAccount } from "./running-account.ts";
import { settleFoldersLocally } from "./settle-folders-locally.ts";
import { settleLocally } from "./settle-locally.ts";

const SECOND = 1000;
/** Nothing tells when mail comes, and a visit locks the mailbox for everybody else (RFC 1939 §3). */
const LOOK_AROUND_MS = 5 * 60 * SECOND;
const LOOK_ON_BATTERY_MS = 9 * 60 * SECOND;
const GRACE_MS = 8 * SECOND;
/** After the user threw something away for good: more of it may follow. */
const REMOVAL_MS = 10 * SECOND;

/**
 * One running POP3 account: its folders are on this computer, and the server is visited now and then to fetch what is new. What the user
 * does to mail is carried out at once and asks nobody.
 */
export class Pop3Account implements RunningAccount {
  readonly #options: AccountOptions;
  readonly #state: AccountState;
  readonly #lane: Lane<Session>;
  readonly #toGo: ToGo = { messages: 0, bytes: 0 };
  readonly #trouble = new Trouble();
  readonly #stranger = new Stranger();
  readonly #credential: LastGiven;
  #settling: Promise<void> | null = null;
  #settleAgain = false;
  #looking: (() => void) | null = null;
  #removing: (() => void) | null = null;
  #onBattery = false;
  /** Before that the server would refuse (LOGIN-DELAY, RFC 2449 §6.5). */
  #notBefore = 0;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#credential = new LastGiven(options.credential);
    this.#state = new AccountState(options, {
      health: () => this.health(),
      onResume: () => this.#more(),
      onFreed: () => this.#settle(),
    });
    ensureLocalFolders(options.store, options.account.id);
    this.#lane = new Lane<Session>({
      open: (signal, refused) => this.#open(signal, refused),
      work: (session) => this.#round(session),
      timers: this.#state.timers,
      clock: options.clock,
      random: options.random,
      onState: (state) => this.#laneState(state),
      idleMs: () => null,
    });
    this.#settle();
    if (!options.account.paused) this.#resume();
  }

  health(): AccountHealth {
    return readHealth(this.#state.work, this.#state.condition, this.#toGo);
  }

  wake(): void {
    if (this.#state.condition.lane.kind === "stopped" || !this.#state.running) return;
    if (this.#mustWait) this.#look(0);
    else this.#lane.renew(GRACE_MS);
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
      if (this.#mustWait) {
        this.#look(0);
        return;
      }
      this.#state.change({ compared: false });
      // A visit that is about to begin will do.
      if (this.#state.condition.lane.kind !== "connecting") this.#lane.retryNow();
    });
  }

  /** What is here is whole; a damaged file is fetched again by the next visit, if the server still has it. */
  downloadsAsked(): void {
    if (this.#state.running) this.#look(0);
  }

  secondsFor(bytes: number): number | null {
    return this.#state.work.governor.secondsFor(bytes, this.#state.work.speed.bytesPerSecond);
  }

  /** All of a POP3 account is here; there is nothing to choose. */
  policyChanged(): void {
    this.#state.tell();
  }

  /** On battery visits are rarer, from the next one on; of what is new, only small messages come over a metered line. */
  setConditions({ onBattery, metered }: { onBattery: boolean; metered: boolean }): void {
    this.#onBattery = onBattery;
    this.#state.work.governor.setMetered(metered);
    this.#more();
  }

  operationsAsked(): void {
    this.#settle();
  }

  appendSent(message: ToFile): Promise<Filing> {
    return fileLocally(this.#state.work, message);
  }

  findInSent(messageIdHeader: string, toSelf = false): Promise<Found> {
    return findLocally(this.#state.work, messageIdHeader, toSelf);
  }

  emptyPreview(_folderId: FolderId): Promise<{ others: number }> {
    return Promise.resolve({ others: 0 });
  }

  finishEmptying(_folderId: FolderId): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#state.stop();
    for (const cancel of [this.#looking, this.#removing]) cancel?.();
    this.#state.giveUp(new Failure("working-offline"));
    await this.#lane.hold();
    // A visit that was cut off gives its waiters back.
    this.#state.giveUp(new Failure("working-offline"));
    await this.#settling;
  }

  get #mustWait(): boolean {
    return this.#options.clock() < this.#notBefore;
  }

  async #open(signal: AbortSignal, refused: boolean): Promise<Session> {
    const { account, ca, silenceMs, clock, via } = this.#options;
    const { store, accountId, round } = this.#state.work;
    const stages = new OpeningStages(round);
    stages.at("credential");
    const session = await openSession({
      server: account.settings.incoming,
      credential: () => this.#credential.next(refused),
      log: this.#state.work.log,
      ca,
      via,
      ...(silenceMs === undefined ? {} : { deadlines: { answer: silenceMs, silence: silenceMs } }),
      signal,
      onStage: stages.at,
    }).catch((error: unknown) => {
      stages.end(false);
      throw this.#stranger.told(asFailure(error), wasReached(store, accountId), clock());
    });
    stages.end(true);
    this.#stranger.gone();
    this.#notBefore = this.#options.clock() + session.capabilities.loginDelaySeconds * SECOND;
    return session;
  }

  async #round(session: Session): Promise<void> {
    const { store, accountId } = this.#state.work;
    const inbox = folderOfRole(store, accountId, "inbox");
    if (inbox === undefined) throw new Failure("no-folder-for-role", { params: { role: "inbox" } });
    const waiting = this.#state.takeWaiting();
    this.#state.work.round.worked();
    this.#state.change({ phase: "bodies" });
    try {
      const leave = this.#options.account.settings.leaveOnServer ?? { kind: "forever" as const };
      await pop3Round({ work: this.#state.work, session, inbox: inbox.id, leave, toGo: this.#toGo, trouble: this.#trouble });
    } catch (error) {
      this.#state.giveBackWaiting(waiting);
      throw error;
    } finally {
      // What blocked senders wrote is on its way to Junk, also when the visit was cut off.
      this.#settle();
    }
    this.#state.change({ phase: "idle", compared: true, syncedAt: this.#options.clock() });
    for (const { resolve } of waiting) resolve();
    this.#look(Math.max(this.#onBattery ? LOOK_ON_BATTERY_MS : LOOK_AROUND_MS, this.#state.work.governor.visitGapMs));
  }

  /** The next visit, in so many milliseconds or when the server allows it. */
  #look(inMs: number): void {
    this.#looking?.();
    const wait = Math.max(inMs, this.#notBefore - this.#options.clock());
    this.#looking = this.#state.timers.after(wait, () => {
      this.#looking = null;
      if (this.#state.running) this.#lane.poke();
    });
  }

  /** What had to wait may come now. */
  #more(): void {
    if (this.#toGo.messages > 0 && this.#state.running && this.#state.work.governor.pause === null) this.#look(0);
    this.#state.tell();
  }

  #settle(): void {
    this.#settleAgain = true;
    if (this.#settling === null) this.#settling = this.#settleAll();
  }

  async #settleAll(): Promise<void> {
    try {
      while (this.#settleAgain) {
        this.#settleAgain = false;
        // New folders before what is moved into them, old ones after what is moved out of them.
        await settleFoldersLocally(this.#state.work);
        if (await settleLocally(this.#state.work.store, this.#state.work.accountId)) this.#removeSoon();
        await settleFoldersLocally(this.#state.work);
      }
    } catch (error) {
      // They stay pending and are shown as done; the next act or the next start carries them out.
      this.#state.work.log.error("pop3.not-settled", error);
    } finally {
      // In the turn in which nothing more was found: what is done a moment later begins anew and is not left to the next act.
      this.#settling = null;
      this.#state.tell();
    }
  }

  #removeSoon(): void {
    if (this.#options.account.settings.leaveOnServer?.kind !== "until-deleted" || this.#state.stopped) return;
    this.#removing?.();
    this.#removing = this.#state.timers.after(REMOVAL_MS, () => {
      this.#removing = null;
      if (this.#state.running) this.#look(0);
    });
  }

  #laneState(lane: LaneState): void {
    this.#state.followRound(lane);
    const down = lane.kind === "waiting" || lane.kind === "stopped";
    this.#state.change(down ? { lane, phase: "idle" } : { lane });
    if (!down) return;
    this.#state.work.log.info("pop3.line-down", { code: lane.failure.code });
    this.#state.giveUp(lane.failure);
  }

  #switch(): void {
    if (this.#state.stopped) return;
    if (this.#state.running) {
      this.#resume();
      return;
    }
    this.#state.giveUp(new Failure("working-offline"));
    void this.#lane.hold();
  }

  #resume(): void {
    this.#state.change({ compared: false });
    this.#lane.release();
  }
}
