import { createFolder, deleteFolder, placeFolder, previewDeletion } from "../../main/store/folder-acts.ts";
import { imapFlag } from "../../shared/flags.ts";
import { imapProxy } from "../support/imap-proxy.ts";
import { QUICK, type SharedProfile, type TestAccount, testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { DELETED, type Folder, MailboxModel, type Means, nameOf } from "./mailbox-model.ts";
import type { ModelServer } from "./model-server.ts";
import { Side } from "./side.ts";

/** One thing that happens. The numbers choose among what there is at that moment, so that any part of a play is a play. */
export type Step = { readonly kind: StepKind; readonly a: number; readonly b: number };
export const STEP_KINDS = [
  ..."deliver deliver deliver other-flag other-flag other-keyword other-marks-deleted other-move other-copy other-expunge".split(" "),
  ..."create rename delete renumber user-flag user-flag user-keyword user-move user-move user-move-back user-copy user-discard".split(" "),
  ..."user-make-folder user-name-folder user-delete-folder offline offline settle".split(" "),
];
export type StepKind = string;

export type Stage = {
  readonly server: ModelServer;
  readonly means: Means;
  /** Capabilities that the program must not hear of. */
  readonly withhold?: readonly string[];
  /** Looks that the server may need until it tells what happened: Dovecot's STATUS may be a moment old. */
  readonly patience: number;
  /** Where the program keeps what it knows; one of its own when left out. */
  readonly shared?: SharedProfile | undefined;
  /** Folders that can change their UIDVALIDITY. */
  readonly renumbers: (folder: string) => boolean;
};

const FLAG_NAMES = ["\\Seen", "\\Flagged", "\\Answered", "$Forwarded"] as const;
const USER_FLAGS = ["seen", "flagged", "seen", "flagged"] as const;
const KEYWORDS = ["red", "$Label1"];
const FIRST_DAY = Date.UTC(2026, 10, 1);

/** Plays the steps on a server and on the model, with the program between; throws when the three differ. @returns steps that did something */
export async function play(stage: Stage, steps: readonly Step[]): Promise<number> {
  const proxy = await imapProxy(stage.server.port, stage.withhold);
  const account = testAccount(proxy.port, { user: stage.server.address, shared: stage.shared });
  try {
    const side = new Side(stage.server, proxy, account, new MailboxModel(stage.means));
    const run = new Play(stage, side);
    account.start({ ...QUICK });
    await run.settle(0);
    let done = 0;
    for (const step of steps) if (await run.step(step)) done += 1;
    await run.settle(0);
    await side.expectWhole();
    return done;
  } finally {
    await account.close();
    await proxy.close();
  }
}

class Play {
  readonly #stage: Stage;
  readonly #side: Side;
  readonly #account: TestAccount;
  readonly #model: MailboxModel;
  #online = true;
  #delivered = 0;

  constructor(stage: Stage, side: Side) {
    this.#stage = stage;
    this.#side = side;
    this.#account = side.account;
    this.#model = side.model;
  }

  async step({ kind, a, b }: Step): Promise<boolean> {
    if (kind === "settle") {
      await this.settle(a);
      return true;
    }
    if (kind === "offline") {
      this.#account.running.setOffline(true);
      this.#online = false;
      return true;
    }
    const happened = await this.#happen(kind, a, b);
    // What happens while the line is up is followed at once: two at a time would be a race that nobody can foretell.
    if (happened && this.#online) await this.settle(a);
    return happened;
  }

  async #happen(kind: string, a: number, b: number): Promise<boolean> {
    const { server } = this.#stage;
    const model = this.#model;
    // What the user has deleted is asked about before it goes: mail that comes after that is another test.
    const folder = pick(model.folders.filter(stays), b);
    if (kind === "deliver") {
      if (folder === undefined) return false;
      this.#delivered += 1;
      const id = `m${this.#delivered}`;
      const flags = a % 3 === 0 ? ["\\Seen"] : [];
      // Some come in one and the same second.
      const at = new Date(FIRST_DAY + Math.floor(this.#delivered / 2) * 1000);
      await server.deliver(folder.name, sampleMail(id), flags, at);
      model.deliver(folder, id, flags);
      return true;
    }
    if (kind === "create") {
      const name = model.freshName();
      await server.create(name);
      model.create(name);
      return true;
    }
    if (kind === "rename" || kind === "delete" || kind === "renumber") return this.#folderHappens(kind, a);
    if (kind.endsWith("-folder")) return this.#userArranges(kind, a, b);
    return kind.startsWith("other") ? this.#otherDoes(kind, a, b) : this.#userDoes(kind, a, b);
  }

  async #folderHappens(kind: string, a: number): Promise<boolean> {
    const { server } = this.#stage;
    const model = this.#model;
    if (kind === "renumber") {
      if (this.#renamed.size > 0) return false;
      // Copies of one message that lose their numbers together cannot be told apart, and wishes about what is gone are parked for the user.
      const clear = model.folders.filter(
        (one) =>
          this.#stage.renumbers(one.name) &&
          one.wish === null &&
          !model.in(one).some((letter) => model.doubled(letter)) &&
          !this.#parted.has(one) &&
          !model.renumbered.has(one),
      );
      const folder = pick(clear, a);
      if (folder === undefined) return false;
      await server.renumber(folder.name);
      model.renumbered.add(folder);
      return true;
    }
    const folder = pick(
      model.folders.filter((one) => one.name.startsWith("Box") && one.wish === null && !model.copying(one)),
      a,
    );
    if (folder === undefined) return false;
    // A folder that was renamed is another one here. All folders are listed before the user's own folders are told, and before messages that lost their
    // numbers are found again; and what is moved into it goes after it where it is recognised.
    if (kind === "rename" && (this.#arranged || model.renumbered.size > 0 || model.awaiting(folder))) return false;
    if (kind === "delete") {
      await server.delete(folder.name);
      model.delete(folder);
    } else {
      const name = model.freshName();
      await server.rename(folder.name, name);
      this.#renamed.add(folder);
      model.rename(folder, name);
    }
    return true;
  }

  /** Since all was compared last: the user did something to a folder, another program renamed some. */
  #arranged = false;
  readonly #renamed = new Set<Folder>();
  /** Folders that lost something since all was compared last. */
  readonly #parted = new Set<Folder>();

  async #otherDoes(kind: string, a: number, b: number): Promise<boolean> {
    const { server } = this.#stage;
    const model = this.#model;
    const letter = pick(model.letters, a);
    if (letter === undefined || letter.folder === null || !stays(letter.folder)) return false;
    const from = letter.folder;
    const uid = await this.#side.uidOf(letter, this.#online);
    if (uid === null) return false;
    const flag = FLAG_NAMES[b % FLAG_NAMES.length] ?? "\\Seen";
    const toggled = (name: string) => {
      if (!letter.flags.delete(name)) letter.flags.add(name);
      return server.setFlags(from.name, uid, [...letter.flags]);
    };
    switch (kind) {
      case "other-flag":
        await toggled(flag);
        return true;
      case "other-keyword":
        await toggled(KEYWORDS[b % KEYWORDS.length] ?? "red");
        return true;
      case "other-marks-deleted":
        if (b % 3 > 0) return false;
        await toggled(DELETED);
        return true;
      case "other-expunge":
        if (model.renumbered.has(from) || model.copied(letter)) return false;
        await server.expunge(from.name, uid);
        model.expunge(letter);
        this.#parted.add(from);
        return true;
      case "other-move":
      case "other-copy": {
        const to = pick(model.folders.filter(stays), b);
        if (
          to === undefined ||
          (kind === "other-move" && (to === from || model.renumbered.has(from) || model.copied(letter))) ||
          model.renumbered.has(to)
        )
          return false;
        await server.copy(from.name, uid, to.name);
        if (kind === "other-copy") model.copy(letter, to);
        else {
          await server.expunge(from.name, uid);
          model.moveAway(letter, to);
          this.#parted.add(from);
        }
        return true;
      }
      default:
        throw new Error(`no such step: ${kind}`);
    }
  }

  #userDoes(kind: string, a: number, b: number): boolean {
    const model = this.#model;
    const shown = model.letters.flatMap((letter) => {
      const standing = model.shown(letter);
      return standing === null ? [] : [{ letter, ...standing }];
    });
    const { letter, folder, flags } = pick(shown, a) ?? {};
    if (letter === undefined || folder === undefined || flags === undefined) return false;
    const placement = this.#side.placementOf(letter.id, folder);
    if (placement === null) return false;
    switch (kind) {
      case "user-flag": {
        const flag = USER_FLAGS[b % USER_FLAGS.length] ?? "seen";
        const on = !flags.has(imapFlag(flag));
        this.#side.act(placement, { kind: "flag", flag, on });
        model.flag(letter, imapFlag(flag), on);
        return true;
      }
      case "user-keyword": {
        const on = !flags.has("$Forwarded");
        this.#side.act(placement, { kind: "flag", flag: "forwarded", on });
        model.flag(letter, "$Forwarded", on);
        return true;
      }
      case "user-move":
      case "user-move-back": {
        const to = kind === "user-move" ? pick(model.known, b) : letter.seen?.folder;
        if (to === undefined || to === folder || !stays(to) || this.#renamed.has(to)) return false;
        this.#side.act(placement, { kind: "move", folderId: this.#side.folderIdOf(to) });
        model.move(letter, to);
        return true;
      }
      case "user-copy": {
        const to = pick(model.known, b);
        if (to === undefined || to === folder || !stays(to) || this.#renamed.has(to)) return false;
        this.#side.act(placement, { kind: "copy", folderId: this.#side.folderIdOf(to) });
        model.copyLater(letter, to);
        return true;
      }
      case "user-discard":
        this.#side.act(placement, { kind: "delete" });
        model.discard(letter);
        return true;
      default:
        throw new Error(`no such step: ${kind}`);
    }
  }

  #userArranges(kind: string, a: number, b: number): boolean {
    const model = this.#model;
    const { store, id } = this.#account;
    if (this.#renamed.size > 0) return false;
    if (kind === "user-make-folder") {
      const name = model.freshName();
      createFolder(store, id, null, name);
      model.make(name);
    } else {
      // Of a folder that others have touched nobody can say which word is the last.
      const own = model.known.filter((one) => (one.alive || one.wish?.kind === "make") && !model.renumbered.has(one));
      const folder = pick(
        own.filter((one) => /^(?:Trash\/)?Box/u.test(nameOf(one))),
        a,
      );
      if (folder === undefined) return false;
      const folderId = this.#side.folderIdOf(folder);
      if (kind === "user-name-folder") {
        const name = model.freshName();
        const parent = b % 3 === 0 ? "Trash/" : "";
        placeFolder(store, folderId, name, parent === "" ? null : this.#account.named("Trash").id);
        model.place(folder, parent + name);
      } else {
        // The model does not show a copy before it is made.
        if (model.copying(folder)) return false;
        const way = model.wayOut(folder);
        // With mail in it that the user was not asked about it would stay, and say so.
        if (way !== "trash" && model.in(folder).some(({ seen }) => seen?.folder !== folder)) return false;
        const asked = previewDeletion(store, folderId).way;
        if (asked !== way) throw new Error(`${nameOf(folder)} would be deleted by way of ${asked} and not ${way}`);
        deleteFolder(store, folderId, asked);
        if (way === "trash") model.place(folder, `Trash/${nameOf(folder).replace(/^.*\//u, "")}`);
        else model.doom(folder);
      }
    }
    this.#arranged = true;
    this.#account.running.operationsAsked();
    return true;
  }

  /** Everything goes out and comes in, over a line that may break once at some command; then all three are compared. */
  async settle(chance: number): Promise<void> {
    this.#side.breakOnce(chance);
    const { running } = this.#account;
    this.#model.settle();
    this.#parted.clear();
    this.#arranged = false;
    this.#renamed.clear();
    if (!this.#online) running.setOffline(false);
    this.#online = true;
    let differences: string[] = [];
    for (let look = 0; look < this.#stage.patience; look += 1) {
      await this.#side.synchronise();
      differences = await this.#side.compare();
      if (differences.length === 0) return;
    }
    throw new Error(`the three differ:\n${differences.join("\n")}`);
  }
}

/** Not deleted by the user. */
const stays = ({ wish }: Folder): boolean => wish?.kind !== "delete";

function pick<T>(from: readonly T[], number: number): T | undefined {
  return from[number % Math.max(1, from.length)];
}
