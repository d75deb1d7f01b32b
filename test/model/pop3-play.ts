import { existsSync, rmSync } from "node:fs";
import fc from "fast-check";
import { act } from "../../main/store/acts.ts";
import { blobPath } from "../../main/store/blobs.ts";
import type { LeaveOnServer } from "../../shared/contract/accounts.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { type Pop3Verdict, ScriptedPop3 } from "../servers/pop3.ts";
import { contradictions } from "../store/check-store.ts";
import { parseHere } from "../support/parse-here.ts";
import { type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

const DAY = 24 * 60 * 60 * 1000;

type Verb = "CAPA" | "UIDL" | "LIST" | "TOP" | "RETR" | "DELE" | "QUIT";

/** What may happen to a mailbox that is fetched by POP3. Numbers point into what there is at that time. */
export type Pop3Step =
  | { readonly do: "deliver"; readonly kilobytes: number }
  /** The same bytes once more. */
  | { readonly do: "twin"; readonly at: number }
  /** By another program. */
  | { readonly do: "removed"; readonly at: number }
  | { readonly do: "all ids change" }
  | { readonly do: "ids are numbers"; readonly on: boolean }
  /** Two messages under one id. */
  | { readonly do: "shared id"; readonly at: number; readonly with: number }
  /** An id of a message that went stands for a new one of another size. */
  | { readonly do: "used again"; readonly at: number }
  | { readonly do: "other order" }
  | { readonly do: "sizes guessed"; readonly by: number }
  | { readonly do: "visit" }
  /** A visit that one listing lies to: it leaves a message out. */
  | { readonly do: "left out"; readonly at: number }
  | { readonly do: "broken visit"; readonly verb: Verb; readonly nth: number; readonly how: Pop3Verdict }
  | { readonly do: "restart" }
  /** By the user, for good. */
  | { readonly do: "thrown away"; readonly at: number }
  /** The file here is lost while the server still has the message. */
  | { readonly do: "file lost"; readonly at: number }
  | { readonly do: "days"; readonly count: number };

const at = fc.nat(30);
const plain = (name: "all ids change" | "other order" | "restart") => fc.constant({ do: name });
const step: fc.Arbitrary<Pop3Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("deliver" as const), kilobytes: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("twin" as const), at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("removed" as const), at }) },
  { weight: 1, arbitrary: plain("all ids change") },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("ids are numbers" as const), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("shared id" as const), at, with: at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("used again" as const), at }) },
  { weight: 1, arbitrary: plain("other order") },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("sizes guessed" as const), by: fc.constantFrom(-100, 0, 7) }) },
  { weight: 5, arbitrary: fc.constant({ do: "visit" as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("left out" as const), at }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("broken visit" as const),
      verb: fc.constantFrom<Verb>("CAPA", "UIDL", "LIST", "TOP", "RETR", "RETR", "RETR", "DELE", "DELE", "QUIT", "QUIT"),
      nth: fc.integer({ min: 1, max: 4 }),
      how: fc.oneof(
        fc.record({ cutAfter: fc.nat(1500) }),
        fc.constantFrom<Pop3Verdict>("close", "lose-answer", { say: "-ERR not now" }, { raw: "+OK\r\nhalf of a" }, { raw: "* BYE\r\n" }),
      ),
    }),
  },
  { weight: 2, arbitrary: plain("restart") },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("thrown away" as const), at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("file lost" as const), at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("days" as const), count: fc.integer({ min: 1, max: 6 }) }) },
);
export const pop3Steps = (length: number): fc.Arbitrary<Pop3Step[]> =>
  fc.array(step, { minLength: length, maxLength: length, size: "max" });

export const LEAVE: readonly LeaveOnServer[] = [
  { kind: "forever" },
  { kind: "days", days: 0 },
  { kind: "days", days: 5 },
  { kind: "until-deleted" },
];
/** Without TOP what is doubtful can only be fetched. */
export const OFFERS: readonly (readonly string[])[] = [
  ["USER", "TOP", "UIDL", "PIPELINING"],
  ["USER", "TOP", "UIDL"],
  ["USER", "UIDL"],
  ["USER", "TOP"],
];

/**
 * Plays the steps and throws where something was lost, doubled, deleted too early or fetched for nothing.
 * @returns how many steps did something
 */
export async function playPop3(leave: LeaveOnServer, offers: readonly string[], steps: readonly Pop3Step[]): Promise<number> {
  const play = new Play(leave, await ScriptedPop3.start({ capabilities: offers, pieceBytes: 700 }));
  try {
    for (const [index, one] of steps.entries()) {
      try {
        await play.take(one);
      } catch (error) {
        throw new Error(`step ${index + 1}, ${JSON.stringify(one)}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    }
    await play.end();
    return play.done;
  } finally {
    await play.close();
  }
}

type Shown = { readonly id: PlacementId; readonly folder: string; readonly subject: string; readonly hash: string | null };

class Play {
  done = 0;
  readonly #leave: LeaveOnServer;
  readonly #server: ScriptedPop3;
  readonly #account: TestAccount;
  /** Every message by the name in its subject: when the program is known to have it, and whether the user threw it away. */
  readonly #thrown = new Set<string>();
  readonly #firstHere = new Map<string, number>();
  readonly #goneIds: { uid: string; size: number }[] = [];
  #numbered = false;
  #count = 0;
  #now = Date.now();

  constructor(leave: LeaveOnServer, server: ScriptedPop3) {
    this.#leave = leave;
    this.#server = server;
    this.#account = testAccount(server.port, { leaveOnServer: leave, startPool: parseHere });
    this.#start();
  }

  async close(): Promise<void> {
    await this.#account.close();
    await this.#server.stop();
  }

  /** Two visits over a good line: then everything is here, and a third finds nothing to fetch. */
  async end(): Promise<void> {
    this.#server.sizeError = 0;
    await this.#visit();
    await this.#visit();
    const there = new Set(this.#server.mail.map(nameOf));
    for (const name of there)
      if (!this.#thrown.has(name) && !this.#shown().some((one) => one.subject === name)) throw new Error(`${name} never came`);
    const fetched = this.#retrieved();
    await this.#visit();
    const knows = this.#server.capabilities(false, true)?.includes("TOP") === true || (!this.#numbered && this.#idsDiffer());
    if (knows && this.#retrieved() !== fetched) throw new Error("something was fetched again though nothing had happened");
  }

  async take(one: Pop3Step): Promise<void> {
    const { mail } = this.#server;
    const pick = <T>(all: readonly T[], index: number): T | undefined => all[index % Math.max(1, all.length)];
    this.done += 1;
    switch (one.do) {
      case "deliver":
        return void this.#server.deliver(this.#letter(one.kilobytes), this.#freshId());
      case "twin": {
        const found = pick(mail, one.at);
        if (found) this.#server.deliver(found.raw, this.#freshId());
        return;
      }
      case "removed": {
        const found = pick(mail, one.at);
        if (found === undefined) return;
        this.#server.mail = mail.filter((other) => other !== found);
        this.#goneIds.push({ uid: found.uid, size: found.raw.length });
        return;
      }
      case "all ids change":
        this.#server.mail = mail.map((other) => ({ ...other, uid: this.#freshId() }));
        return;
      case "ids are numbers":
        if (this.#numbered && !one.on) this.#server.mail = mail.map((other) => ({ ...other, uid: this.#freshId() }));
        this.#numbered = one.on;
        return;
      case "shared id": {
        const [first, second] = [pick(mail, one.at), pick(mail, one.with)];
        if (first && second && first !== second) second.uid = first.uid;
        return;
      }
      case "used again": {
        const old = pick(this.#goneIds, one.at);
        if (old === undefined) return;
        const raw = [3, 4].map((kilobytes) => this.#letter(kilobytes)).find((text) => text.length !== old.size) ?? "";
        return void this.#server.deliver(raw, old.uid);
      }
      case "other order":
        this.#server.mail = mail.toReversed();
        return;
      case "sizes guessed":
        this.#server.sizeError = one.by;
        return;
      case "visit":
        return this.#visit();
      case "left out": {
        const found = pick(mail, one.at);
        if (found === undefined) return;
        this.#server.mail = mail.filter((other) => other !== found);
        await this.#visit();
        this.#server.mail.splice(one.at % (this.#server.mail.length + 1), 0, found);
        return;
      }
      case "broken visit": {
        let heard = 0;
        this.#server.onCommand = (line) => {
          if (!line.startsWith(one.verb) || ++heard !== one.nth) return undefined;
          // What it says instead of an answer is never followed by one.
          if (typeof one.how === "object" && "raw" in one.how) setTimeout(() => this.#server.cutAll(), 5);
          return one.how;
        };
        await this.#visit(true);
        this.#server.onCommand = () => undefined;
        return;
      }
      case "restart":
        await this.#account.running.stop();
        this.#start();
        // It begins with a visit.
        return this.#visit();
      case "thrown away": {
        const found = pick(this.#shown(), one.at);
        if (found) await this.#throwAway(found);
        return;
      }
      case "file lost": {
        const there = new Set(mail.map(nameOf));
        const found = pick(
          this.#shown().filter(({ subject, hash }) => hash !== null && there.has(subject)),
          one.at,
        );
        if (found?.hash) rmSync(blobPath(this.#account.store.blobs.dir, found.hash), { force: true });
        return;
      }
      case "days":
        this.#now += one.count * DAY;
        return;
    }
  }

  #start(): void {
    // No visit but those that are told to happen.
    this.#account.start({ clock: () => this.#now, timers: { after: () => () => undefined } });
  }

  #letter(kilobytes: number): string {
    // Names of one length: many messages have the same size.
    return sampleMail(`letter-${String(++this.#count).padStart(4, "0")}`, kilobytes);
  }

  #freshId(): string {
    return `id-${++this.#count}`;
  }

  #retrieved(): number {
    return this.#server.commands.filter((line) => line.startsWith("RETR")).length;
  }

  #idsDiffer(): boolean {
    return new Set(this.#server.mail.map(({ uid }) => uid)).size === this.#server.mail.length;
  }

  #shown(): Shown[] {
    return this.#account.store.db.connection
      .prepare<[], Shown>(
        `SELECT placement.id AS id, folder.role AS folder, substr(message.subject, 7) AS subject, message.raw_hash AS hash FROM placement
         JOIN message ON message.id = placement.message_id JOIN folder ON folder.id = placement.shown_folder_id ORDER BY placement.id`,
      )
      .all();
  }

  async #throwAway({ id, folder, subject }: Shown): Promise<void> {
    for (let left = folder === "trash" ? 1 : 2; left > 0; left -= 1) {
      act(this.#account.store, { kind: "placements", ids: [id] }, { kind: "delete" });
      this.#account.running.operationsAsked();
      await this.#account.until("settled", ({ pending }) => pending === 0);
    }
    if (!this.#shown().some((other) => other.subject === subject)) this.#thrown.add(subject);
  }

  async #visit(mayFail = false): Promise<void> {
    if (this.#numbered) this.#server.mail = this.#server.mail.map((one, index) => ({ ...one, uid: String(index + 1) }));
    const before = [...this.#server.mail];
    try {
      await this.#account.running.syncNow();
    } catch (error) {
      if (!mayFail) throw error;
    }
    const after = new Set(this.#server.mail);
    this.#judge(before.filter((one) => !after.has(one)).map(nameOf));
  }

  /** @param deleted messages that went from the server with this visit */
  #judge(deleted: readonly string[]): void {
    const shown = this.#shown();
    const seen = new Set<string>();
    for (const { subject } of shown) {
      if (seen.has(subject)) throw new Error(`${subject} is shown twice`);
      if (this.#thrown.has(subject)) throw new Error(`${subject} came back`);
      seen.add(subject);
      if (!this.#firstHere.has(subject)) this.#firstHere.set(subject, this.#now);
    }
    for (const name of deleted) {
      const hash = shown.find(({ subject }) => subject === name)?.hash ?? null;
      const here = hash !== null && existsSync(blobPath(this.#account.store.blobs.dir, hash));
      const thrown = this.#thrown.has(name);
      if (!here && !thrown) throw new Error(`${name} was deleted from the server and is not here`);
      const { kind } = this.#leave;
      const days = this.#leave.kind === "days" ? this.#leave.days : 0;
      if (
        kind === "forever" ||
        (kind === "until-deleted" && !thrown) ||
        (kind === "days" && this.#now - (this.#firstHere.get(name) ?? 0) < days * DAY)
      )
        throw new Error(`${name} was deleted from the server too early`);
    }
    for (const name of this.#firstHere.keys()) if (!this.#thrown.has(name) && !seen.has(name)) throw new Error(`${name} is gone`);
    const wrong = contradictions(this.#account.store);
    if (wrong.length > 0) throw new Error(wrong.join("; "));
  }
}

function nameOf({ raw }: { raw: Buffer }): string {
  return /^Subject: About (.*)$/mu.exec(raw.toString())?.[1]?.trim() ?? "";
}
