import { undo } from "../../main/store/undo.ts";
import { asFailure } from "../../shared/failure.ts";
import { imapFlag } from "../../shared/flags.ts";
import { imapProxy } from "../support/imap-proxy.ts";
import { QUICK, type SharedProfile, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { DELETED, type Folder, type Letter, MailboxModel, type Means } from "./mailbox-model.ts";
import type { ModelServer } from "./model-server.ts";
import { Side } from "./side.ts";

/*
 * One user with two accounts: what is done in each of them, by the user and by others, and mail that goes from one to the other. As `play`, without what
 * happens to folders.
 */
export const TWO_STEP_KINDS = [
  ..."deliver deliver other-flag other-keyword other-marks-deleted other-move other-copy other-expunge renumber".split(" "),
  ..."user-flag user-flag user-keyword user-move user-copy user-discard".split(" "),
  ..."user-move-across user-move-across user-move-across user-copy-across user-copy-across user-undo user-undo".split(" "),
  ..."offline offline settle".split(" "),
];
export type TwoStep = { readonly kind: string; readonly a: number; readonly b: number };

export type TwoStage = {
  readonly sides: readonly { readonly server: ModelServer; readonly means: Means; readonly withhold?: readonly string[] }[];
  readonly patience: number;
  readonly shared?: SharedProfile | undefined;
  readonly renumbers: boolean;
};

const FLAG_NAMES = ["\\Seen", "\\Flagged", "\\Answered", "$Forwarded"] as const;
const USER_FLAGS = ["seen", "flagged"] as const;
const KEYWORDS = ["red", "$Label1"];
const FIRST_DAY = Date.UTC(2026, 10, 1);

/** Plays the steps on both servers and on a model of each, with the program between; throws when they differ. @returns steps that did something */
export async function playTwo(stage: TwoStage, steps: readonly TwoStep[]): Promise<number> {
  const sides: Side[] = [];
  try {
    for (const { server, means, withhold } of stage.sides) {
      const proxy = await imapProxy(server.port, withhold);
      const [beside] = sides;
      const about = beside === undefined ? { shared: stage.shared } : { beside: beside.account };
      sides.push(new Side(server, proxy, testAccount(proxy.port, { user: server.address, ...about }), new MailboxModel(means)));
    }
    for (const { account } of sides) account.start({ ...QUICK });
    const play = new TwoPlay(sides, stage);
    await play.settle(0);
    let done = 0;
    for (const step of steps) if (await play.step(step)) done += 1;
    await play.settle(0);
    for (const side of sides) await side.expectWhole();
    return done;
  } finally {
    // The first one keeps the store.
    for (const { account, proxy } of sides.toReversed()) {
      await account.close();
      await proxy.close();
    }
  }
}

/** What Undo takes back, while nothing else has been done. */
type LastAct = {
  readonly group: string;
  readonly way: "copy" | "move";
  readonly letter: Letter;
  readonly born: Letter;
  readonly from: Side;
  readonly to: Side;
  readonly home: Folder;
  readonly told: boolean;
};

class TwoPlay {
  readonly #sides: readonly Side[];
  readonly #stage: TwoStage;
  #online = true;
  #delivered = 0;
  #last: LastAct | null = null;
  /** Folders that lost something since all was compared last. */
  readonly #parted = new Set<Folder>();

  constructor(sides: readonly Side[], stage: TwoStage) {
    this.#sides = sides;
    this.#stage = stage;
  }

  async step({ kind, a, b }: TwoStep): Promise<boolean> {
    if (kind === "settle") {
      await this.settle(a);
      return true;
    }
    if (kind === "offline") {
      for (const { account } of this.#sides) account.running.setOffline(true);
      this.#online = false;
      return true;
    }
    const side = this.#sides[a % 2];
    const other = this.#sides[(a + 1) % 2];
    if (side === undefined || other === undefined) throw new Error("two sides are needed");
    const last = this.#last;
    const happened = kind === "user-undo" ? this.#undo() : await this.#happen(kind, side, other, a >> 1, b);
    if (happened && this.#last === last) this.#last = null;
    if (happened && this.#online) await this.settle(b);
    return happened;
  }

  async #happen(kind: string, side: Side, other: Side, a: number, b: number): Promise<boolean> {
    if (kind === "deliver") return this.#deliver(side, a, b);
    if (kind === "renumber") return this.#renumber(side, a);
    if (kind.endsWith("-across")) return this.#goAcross(kind === "user-move-across" ? "move" : "copy", side, other, a, b);
    return kind.startsWith("other") ? this.#otherDoes(kind, side, a, b) : this.#userDoes(kind, side, a, b);
  }

  async #deliver({ server, model }: Side, a: number, b: number): Promise<boolean> {
    const folder = pick(model.folders, b);
    if (folder === undefined) return false;
    this.#delivered += 1;
    const id = `m${this.#delivered}`;
    const flags = a % 3 === 0 ? ["\\Seen"] : [];
    await server.deliver(folder.name, sampleMail(id, a % 7), flags, new Date(FIRST_DAY + this.#delivered * 500));
    model.deliver(folder, id, flags);
    return true;
  }

  async #renumber({ server, model }: Side, a: number): Promise<boolean> {
    if (!this.#stage.renumbers) return false;
    // Copies of one message that lose their numbers together cannot be told apart, and wishes about what is gone are parked for the user.
    const clear = model.folders.filter(
      (one) => !model.in(one).some((letter) => model.doubled(letter)) && !this.#parted.has(one) && !model.renumbered.has(one),
    );
    const folder = pick(clear, a);
    if (folder === undefined) return false;
    await server.renumber(folder.name);
    model.renumbered.add(folder);
    return true;
  }

  async #otherDoes(kind: string, side: Side, a: number, b: number): Promise<boolean> {
    const { server, model } = side;
    const letter = pick(
      model.letters.filter(({ folder, left }) => folder !== null && left !== true),
      a,
    );
    const from = letter?.folder ?? null;
    if (letter === undefined || from === null) return false;
    const uid = await side.uidOf(letter, this.#online);
    if (uid === null) return false;
    const toggle = async (name: string): Promise<boolean> => {
      if (!letter.flags.delete(name)) letter.flags.add(name);
      await server.setFlags(from.name, uid, [...letter.flags]);
      return true;
    };
    if (kind === "other-flag") return toggle(FLAG_NAMES[b % FLAG_NAMES.length] ?? "\\Seen");
    if (kind === "other-keyword") return toggle(KEYWORDS[b % KEYWORDS.length] ?? "red");
    if (kind === "other-marks-deleted") return b % 3 === 0 && toggle(DELETED);
    if (kind === "other-copy") {
      const to = pick(model.folders, b);
      if (to === undefined || model.renumbered.has(to)) return false;
      await server.copy(from.name, uid, to.name);
      model.copy(letter, to);
      return true;
    }
    if (model.renumbered.has(from) || model.copied(letter)) return false;
    if (kind === "other-expunge") model.expunge(letter);
    else {
      const to = pick(model.folders, b);
      if (to === undefined || to === from || model.renumbered.has(to)) return false;
      await server.copy(from.name, uid, to.name);
      model.moveAway(letter, to);
    }
    await server.expunge(from.name, uid);
    this.#parted.add(from);
    return true;
  }

  #chosen(side: Side, a: number) {
    const { model } = side;
    const shown = model.letters.flatMap((letter) => {
      const standing = model.shown(letter);
      return standing === null ? [] : [{ letter, ...standing }];
    });
    const found = pick(shown, a);
    if (found === undefined) return null;
    const placement = side.placementOf(found.letter.id, found.folder);
    return placement === null ? null : { ...found, placement };
  }

  #userDoes(kind: string, side: Side, a: number, b: number): boolean {
    const { model } = side;
    const chosen = this.#chosen(side, a);
    if (chosen === null) return false;
    const { letter, folder, flags, placement } = chosen;
    if (kind === "user-discard") {
      side.act(placement, { kind: "delete" });
      model.discard(letter);
      return true;
    }
    if (kind === "user-move" || kind === "user-copy") {
      const to = pick(model.known, b);
      // Of what is not there yet nobody copies: that is asked of the server, which has to have it.
      if (to === undefined || to === folder || (kind === "user-copy" && letter.coming === true)) return false;
      side.act(placement, { kind: kind === "user-move" ? "move" : "copy", folderId: side.folderIdOf(to) });
      if (kind === "user-move") model.move(letter, to);
      else model.copyLater(letter, to);
      return true;
    }
    const flag = kind === "user-keyword" ? "forwarded" : (USER_FLAGS[b % USER_FLAGS.length] ?? "seen");
    const on = !flags.has(imapFlag(flag));
    side.act(placement, { kind: "flag", flag, on });
    model.flag(letter, imapFlag(flag), on);
    return true;
  }

  #goAcross(way: "copy" | "move", from: Side, to: Side, a: number, b: number): boolean {
    const chosen = this.#chosen(from, a);
    const target = pick(to.model.known, b);
    if (chosen === null || target === undefined) return false;
    const { letter, folder, flags, placement } = chosen;
    const group = from.act(placement, { kind: way, folderId: to.folderIdOf(target) });
    to.account.running.operationsAsked();
    const born = to.model.comeInto(target, letter.id, flags);
    if (way === "move") letter.wishes.push({ kind: "leave" });
    this.#last = { group, way, letter, born, from, to, home: folder, told: this.#online };
    return true;
  }

  /** Before any server has heard of it nothing has been; afterwards it goes back as a message of its own. */
  #undo(): boolean {
    const last = this.#last;
    if (last === null) return false;
    const { group, way, letter, born, from, to, home, told } = last;
    const standing = to.model.shown(born);
    if (told && (standing === null || to.placementOf(born.id, standing.folder) === null)) return false;
    if (undo(from.account.store, group) === 0) throw new Error("nothing was taken back");
    for (const { account } of this.#sides) account.running.operationsAsked();
    this.#last = null;
    if (!told) {
      to.model.takeBack(born);
      if (way === "move") letter.wishes.pop();
    } else if (way === "copy") born.wishes.push({ kind: "expunge" });
    else {
      from.model.comeInto(home, born.id, standing?.flags ?? new Set());
      born.wishes.push({ kind: "leave" });
    }
    return true;
  }

  /** Both come back, one perhaps before the other, over lines that may break once; then all are compared. */
  async settle(chance: number): Promise<void> {
    for (const [index, side] of this.#sides.entries()) side.breakOnce(chance >> (index * 3));
    for (const { model } of this.#sides) model.settle();
    this.#parted.clear();
    const order = chance % 2 === 0 ? this.#sides : this.#sides.toReversed();
    for (const { account } of order) {
      if (!this.#online) account.running.setOffline(false);
      // The other one is not there yet: what needs both waits.
      if (chance % 3 === 0) await account.running.syncNow().catch(onlyOffline);
    }
    this.#online = true;
    if (this.#last !== null) this.#last = { ...this.#last, told: true };
    let differences: string[] = [];
    for (let look = 0; look < this.#stage.patience; look += 1) {
      // What the one has done may free something in the other.
      for (const side of [...order, ...order]) await side.synchronise();
      differences = (await Promise.all(this.#sides.map((side) => side.compare()))).flat();
      if (differences.length === 0) return;
    }
    throw new Error(`they differ:\n${differences.join("\n")}`);
  }
}

function onlyOffline(error: unknown): void {
  if (asFailure(error).kind !== "offline") throw error;
}

function pick<T>(from: readonly T[], number: number): T | undefined {
  return from[number % Math.max(1, from.length)];
}
