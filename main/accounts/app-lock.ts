import { randomBytes, timingSafeEqual } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { z } from "zod";
import { type LockState, lockState } from "../../shared/contract/lock.ts";
import { Failure } from "../../shared/failure.ts";
import { keyFromPassphrase } from "./passphrase-key.ts";

export type AppLockNeeds = {
  /** `lock.json` of the profile. */
  readonly file: string;
  /** ms UTC */
  readonly clock: () => number;
  readonly after: (ms: number, work: () => void) => () => void;
  readonly onChange: () => void;
  /** The host's (engine/platform.ts, SystemUnlock); `ask` throws Failure `system-unlock-refused`. */
  readonly system: { ready(): Promise<boolean>; ask(): Promise<void> } | null;
};

const kept = z.object({
  version: z.literal(1),
  salt: z.base64(),
  key: z.base64(),
  afterMinutes: lockState.shape.afterMinutes,
  /** Wrong PINs in a row: ending the program does not begin anew. */
  wrong: z.number().int().min(0),
  waitUntil: z.number().nullable(),
  bySystem: z.boolean().default(false),
});
type Kept = z.infer<typeof kept>;

const MINUTE_MS = 60_000;
const CONFIRMED_MS = 2 * MINUTE_MS;
/** So many may be mistyped before there is a wait, which doubles with each further one. */
const FREE_TRIES = 4;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 60 * MINUTE_MS;
const SALT_BYTES = 16;

/**
 * Keeps a person who sits down at an unlocked computer out of the mail. It is no encryption: whoever can read the profile's files can
 * read the mail in them, and can take the lock away by deleting its file.
 */
export class AppLock {
  readonly #o: AppLockNeeds;
  #kept: Kept | null;
  #locked: boolean;
  #lastActive: number;
  #confirmedAt: number | null = null;
  #cancelTimer = (): void => undefined;
  /** One guess after the other: side by side they would all be free. */
  #guessing: Promise<unknown> = Promise.resolve();

  constructor(needs: AppLockNeeds) {
    this.#o = needs;
    this.#kept = readKept(needs.file);
    this.#locked = this.#kept !== null;
    this.#lastActive = needs.clock();
  }

  get locked(): boolean {
    return this.#locked;
  }

  async state(): Promise<LockState> {
    // Never a reason not to be asked for the PIN.
    const ready = (await this.#o.system?.ready().catch(() => false)) ?? false;
    const { afterMinutes = null, waitUntil = null, bySystem: chosen = false } = this.#kept ?? {};
    const bySystem = ready ? (chosen ? "on" : "offered") : "none";
    const waits = this.#waits(waitUntil) ? waitUntil : null;
    return { on: this.#kept !== null, locked: this.#locked, afterMinutes, waitUntil: waits, bySystem };
  }

  /** @throws Failure `confirm-first` where there is a PIN already */
  async set(pin: string, afterMinutes: number | null): Promise<void> {
    this.requireConfirmed();
    const salt = randomBytes(SALT_BYTES);
    const key = Buffer.from(await keyFromPassphrase(pin, salt)).toString("base64");
    this.#keep({
      version: 1,
      salt: salt.toString("base64"),
      key,
      afterMinutes,
      wrong: 0,
      waitUntil: null,
      bySystem: this.#kept?.bySystem ?? false,
    });
    this.#lastActive = this.#o.clock();
    this.#plan();
  }

  /** @throws Failure `confirm-first` */
  change(afterMinutes: number | null): void {
    this.requireConfirmed();
    if (this.#kept === null) return;
    this.#keep({ ...this.#kept, afterMinutes });
    this.#plan();
  }

  /** @throws Failure `confirm-first` */
  setBySystem(on: boolean): void {
    this.requireConfirmed();
    if (this.#kept !== null) this.#keep({ ...this.#kept, bySystem: on });
  }

  /** @throws Failure `confirm-first` */
  remove(): void {
    this.requireConfirmed();
    rmSync(this.#o.file, { force: true });
    this.#kept = null;
    this.#cancelTimer();
    this.#o.onChange();
  }

  lock(): void {
    if (this.#kept === null || this.#locked) return;
    this.#locked = true;
    this.#confirmedAt = null;
    this.#cancelTimer();
    this.#o.onChange();
  }

  /** @throws Failure `pin-wrong`, `pin-wait` */
  async unlock(pin: string): Promise<void> {
    await this.#check(pin);
    this.#open();
  }

  /** @throws Failure `system-unlock-refused` */
  async unlockBySystem(): Promise<void> {
    await this.#askSystem();
    this.#open();
  }

  /** @throws Failure `pin-wrong`, `pin-wait` */
  async confirm(pin: string): Promise<void> {
    await this.#check(pin);
    this.#confirmedAt = this.#o.clock();
  }

  /** @throws Failure `system-unlock-refused` */
  async confirmBySystem(): Promise<void> {
    await this.#askSystem();
    this.#confirmedAt = this.#o.clock();
  }

  /** For what cannot be undone, and what leaves Satchel. @throws Failure `confirm-first` unless the PIN was given within two minutes, or there is none */
  requireConfirmed(): void {
    if (this.#kept === null) return;
    const now = this.#o.clock();
    const fresh = this.#confirmedAt !== null && now >= this.#confirmedAt && now - this.#confirmedAt < CONFIRMED_MS;
    if (!fresh || this.#locked) throw new Failure("confirm-first");
  }

  active(): void {
    if (!this.#locked) this.#lastActive = this.#o.clock();
  }

  /** Looks whether it is time: timers stand still while the computer sleeps. */
  look(): void {
    if (this.#kept === null || this.#locked || this.#kept.afterMinutes === null) return;
    if (this.#o.clock() - this.#lastActive >= this.#kept.afterMinutes * MINUTE_MS) this.lock();
    else this.#plan();
  }

  stop(): void {
    this.#cancelTimer();
  }

  #open(): void {
    this.#locked = false;
    this.#lastActive = this.#o.clock();
    this.#plan();
    this.#o.onChange();
  }

  /** Whoever the system knows may begin anew with guessing. */
  async #askSystem(): Promise<void> {
    if (this.#kept === null) return;
    if (this.#o.system === null || !this.#kept.bySystem) throw new Failure("system-unlock-refused");
    await this.#o.system.ask();
    const { wrong, ...rest } = this.#kept;
    if (wrong > 0) this.#keep({ ...rest, wrong: 0, waitUntil: null });
  }

  #plan(): void {
    this.#cancelTimer();
    const minutes = this.#kept?.afterMinutes ?? null;
    if (minutes === null || this.#locked) return;
    const left = this.#lastActive + minutes * MINUTE_MS - this.#o.clock();
    this.#cancelTimer = this.#o.after(Math.max(1000, Math.min(minutes * MINUTE_MS, left)), () => this.look());
  }

  #check(pin: string): Promise<void> {
    const check = this.#guessing.then(() => this.#guess(pin));
    this.#guessing = check.catch(() => undefined);
    return check;
  }

  async #guess(pin: string): Promise<void> {
    const before = this.#kept;
    if (before === null) return;
    if (this.#waits(before.waitUntil)) throw mustWait((before.waitUntil ?? 0) - this.#o.clock());
    const key = await keyFromPassphrase(pin, Buffer.from(before.salt, "base64"));
    const right = Buffer.from(before.key, "base64");
    if (right.length === key.length && timingSafeEqual(right, key)) {
      if (before.wrong > 0) this.#keep({ ...before, wrong: 0, waitUntil: null });
      return;
    }
    const wrong = before.wrong + 1;
    const waitMs = wrong <= FREE_TRIES ? null : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (wrong - FREE_TRIES - 1));
    this.#keep({ ...before, wrong, waitUntil: waitMs === null ? null : this.#o.clock() + waitMs });
    throw waitMs === null ? new Failure("pin-wrong") : mustWait(waitMs);
  }

  /** A clock that was set back makes no wait longer than the longest. */
  #waits(until: number | null): boolean {
    const now = this.#o.clock();
    return until !== null && until > now && until - now <= LONGEST_WAIT_MS;
  }

  #keep(next: Kept): void {
    writeWhole(this.#o.file, JSON.stringify(next));
    this.#kept = next;
    this.#o.onChange();
  }
}

function mustWait(ms: number): Failure {
  return new Failure("pin-wait", { params: { minutes: Math.ceil(ms / MINUTE_MS) } });
}

/** Null without a PIN. A file that says nothing keeps nobody out, as its absence would not. */
function readKept(file: string): Kept | null {
  try {
    return kept.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

/** @throws Failure `disk-full`, `read-only`: then nothing has changed */
function writeWhole(file: string, text: string): void {
  const next = `${file}.next`;
  try {
    const descriptor = openSync(next, "w", 0o600);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(next, file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    throw new Failure(code === "ENOSPC" ? "disk-full" : "read-only", { cause: error });
  }
}
