/*
 * What a mailbox is and what a mail program is allowed to make of it, told a second time and without a line of Satchel: folders, messages,
 * what the user wished while nobody listened, and what becomes of these wishes once somebody does.
 */

/** A folder; renamed by another program, it is another one to whoever only sees names and UIDs. */
export type Folder = {
  /** On the server. */
  name: string;
  alive: boolean;
  /** What the user has made of it and the server has not heard: its name, or that it is to go with all that lies in it. */
  wish: { readonly kind: "make" | "name"; readonly name: string } | { readonly kind: "delete"; readonly name: string } | null;
};

function folderCalled(name: string): Folder {
  return { name, alive: true, wish: null };
}

export type Wish =
  | { readonly kind: "flag"; readonly flag: string; readonly on: boolean }
  | { readonly kind: "move"; readonly to: Folder }
  | { readonly kind: "copy"; readonly to: Folder }
  | { readonly kind: "expunge" }
  /** To another account, which has a letter of its own that is coming. */
  | { readonly kind: "leave" };

/** One copy of a message on the server. Copies share the Message-ID. */
export type Letter = {
  readonly id: string;
  folder: Folder | null;
  flags: Set<string>;
  /** As the program saw it when all was compared last; null: it has not seen it yet. */
  seen: { readonly folder: Folder; flags: ReadonlySet<string> } | null;
  wishes: Wish[];
  /** Shown where it is to go, from another account; the server has yet to get it. */
  coming?: boolean;
  /** It went to another account and lies here still, marked: what was done to it just before may have been told or not. */
  left?: boolean;
  /** Where it was to be moved in its account before it left: told or not, by which of the two servers is heard first. */
  towards?: Folder | undefined;
};

const isEnd = ({ kind }: Wish): boolean => kind === "expunge" || kind === "leave";

/** What decides how a move reaches the server. */
export type Means = { readonly move: boolean; readonly uidplus: boolean };

export const DELETED = "\\Deleted";
export const STANDARD = ["INBOX", "Archive", "Trash", "Junk", "Sent", "Drafts"] as const;

/** As the user sees it. */
export function nameOf({ name, wish }: Folder): string {
  return wish?.name ?? name;
}

export class MailboxModel {
  readonly #means: Means;
  folders: Folder[] = STANDARD.map(folderCalled);
  /** The folders that the program knows of. */
  known: readonly Folder[] = [];
  letters: Letter[] = [];
  readonly renumbered = new Set<Folder>();
  /** Gone from the server, and still shown: the program has not heard of it. */
  #unheard: Letter[] = [];
  #doomed: Folder[] = [];
  #names = 0;

  constructor(means: Means) {
    this.#means = means;
  }

  named(name: string): Folder {
    const folder = this.folders.find((one) => one.name === name);
    if (folder === undefined) throw new Error(`no folder ${name}`);
    return folder;
  }

  /** A name that never was: what a name meant before is another matter than what is tested here. */
  freshName(): string {
    this.#names += 1;
    return `Box ${this.#names}`;
  }

  in(folder: Folder): Letter[] {
    return this.letters.filter((letter) => letter.folder === folder);
  }

  /** More than one copy of it lies there: nobody could say which of them is meant. */
  doubled(letter: Letter): boolean {
    return this.letters.some((other) => other !== letter && other.id === letter.id && other.folder === letter.folder);
  }

  // What happens on the server.

  deliver(folder: Folder, id: string, flags: readonly string[]): void {
    this.letters.push({ id, folder, flags: new Set(flags), seen: null, wishes: [] });
  }

  copy(letter: Letter, to: Folder): void {
    this.letters.push({ id: letter.id, folder: to, flags: new Set(letter.flags), seen: null, wishes: [] });
  }

  /** Another program's move makes another copy under another number: who had wishes for the old one does not know it. */
  moveAway(letter: Letter, to: Folder): void {
    this.copy(letter, to);
    this.expunge(letter);
  }

  expunge(letter: Letter): void {
    letter.folder = null;
    this.#unheard.push(letter);
    this.letters = this.letters.filter((one) => one !== letter);
  }

  create(name: string): void {
    this.folders.push(folderCalled(name));
  }

  delete(folder: Folder): void {
    for (const letter of this.in(folder)) this.expunge(letter);
    this.#gone(folder);
  }

  rename(folder: Folder, name: string): void {
    const next = folderCalled(name);
    this.folders.push(next);
    for (const letter of this.in(folder)) this.moveAway(letter, next);
    this.#gone(folder);
  }

  #gone(folder: Folder): void {
    folder.alive = false;
    this.folders = this.folders.filter((one) => one !== folder);
  }

  // What the user does, to what is shown.

  /** Where the user sees it, and with which flags; null: not at all. */
  shown(letter: Letter): { folder: Folder; flags: Set<string> } | null {
    if (letter.seen === null) return null;
    let { folder } = letter.seen;
    const flags = new Set(letter.seen.flags);
    for (const wish of letter.wishes) {
      if (isEnd(wish)) return null;
      if (wish.kind === "move") folder = wish.to;
      if (wish.kind !== "flag") continue;
      if (wish.on) flags.add(wish.flag);
      else flags.delete(wish.flag);
    }
    return flags.has(DELETED) || folder.wish?.kind === "delete" ? null : { folder, flags };
  }

  flag(letter: Letter, flag: string, on: boolean): void {
    if (this.shown(letter)?.flags.has(flag) !== on) letter.wishes.push({ kind: "flag", flag, on });
  }

  move(letter: Letter, to: Folder): void {
    if (this.shown(letter)?.folder !== to) letter.wishes.push({ kind: "move", to });
  }

  copyLater(letter: Letter, to: Folder): void {
    if (this.shown(letter)?.folder !== to) letter.wishes.push({ kind: "copy", to });
  }

  /** Out of another account, as it is shown there. */
  comeInto(folder: Folder, id: string, flags: ReadonlySet<string>): Letter {
    const letter: Letter = { id, folder: null, flags: new Set(flags), seen: { folder, flags: new Set(flags) }, wishes: [], coming: true };
    this.letters.push(letter);
    return letter;
  }

  /** It comes, after all, no more. */
  takeBack(letter: Letter): void {
    this.letters = this.letters.filter((one) => one !== letter);
  }

  /** A copy of it has yet to be made: where it comes from when the original is gone is another test. */
  copied(letter: Letter): boolean {
    return letter.wishes.some(({ kind }) => kind === "copy");
  }

  /** Copies are to come out of it or into it. */
  copying(folder: Folder): boolean {
    return this.letters.some(
      (letter) =>
        this.copied(letter) && (letter.folder === folder || letter.wishes.some((wish) => wish.kind === "copy" && wish.to === folder)),
    );
  }

  /** Letters are to be moved into it. */
  awaiting(folder: Folder): boolean {
    return this.letters.some(({ wishes }) => wishes.some((wish) => wish.kind === "move" && wish.to === folder));
  }

  /** Into Trash; out of Trash for good. */
  discard(letter: Letter): void {
    const trash = this.named("Trash");
    if (this.shown(letter)?.folder === trash) letter.wishes.push({ kind: "expunge" });
    else this.move(letter, trash);
  }

  /** Known at once, and to the server later. */
  make(name: string): void {
    this.known = [...this.known, { ...folderCalled(name), alive: false, wish: { kind: "make", name } }];
  }

  /** Renamed, or moved below another one. */
  place(folder: Folder, name: string): void {
    folder.wish = { kind: folder.wish?.kind === "make" ? "make" : "name", name };
  }

  /** Into Trash with what the user sees in it; from there, or without anything in it, for good. */
  wayOut(folder: Folder): "trash" | "good" | "empty" {
    // What is marked and hidden is not lost either.
    const marked = (letter: Letter): boolean => letter.seen?.folder === folder && letter.seen.flags.has(DELETED);
    const all = [...this.letters, ...this.#unheard];
    if (!all.some((letter) => this.shown(letter)?.folder === folder || marked(letter))) return "empty";
    return nameOf(folder).startsWith("Trash/") ? "good" : "trash";
  }

  /** Gone for the user; what was moved into it and has not arrived goes from where it lies. */
  doom(folder: Folder): void {
    for (const letter of this.letters)
      if (letter.seen?.folder !== folder && this.shown(letter)?.folder === folder) letter.wishes.push({ kind: "expunge" });
    folder.wish = folder.wish?.kind === "make" ? null : { kind: "delete", name: folder.name };
    this.known = this.known.filter((one) => one !== folder);
    if (folder.wish !== null) this.#doomed.push(folder);
  }

  // What the server makes of it when the program comes back.

  /** Everything is carried out and compared. */
  settle(): void {
    for (const letter of this.letters) letter.towards = undefined;
    const made = this.known.filter(({ wish }) => wish?.kind === "make");
    for (const folder of made) folder.alive = true;
    this.folders.push(...made);
    for (const letter of this.letters) if (letter.wishes.length > 0 || letter.coming === true) this.#carryOut(letter);
    for (const folder of this.#doomed) if (folder.alive) this.delete(folder);
    this.#doomed = [];
    for (const folder of this.folders) {
      folder.name = nameOf(folder);
      folder.wish = null;
    }
    this.#unheard = [];
    for (const letter of this.letters) {
      letter.wishes = [];
      letter.seen = letter.folder === null ? null : { folder: letter.folder, flags: new Set(letter.flags) };
    }
    this.known = [...this.folders];
    this.renumbered.clear();
  }

  /** Where the server has what left its account after a move in it. @param marked how many of a message lie in a folder, marked \Deleted */
  findLeft(marked: (folder: Folder, id: string) => number): void {
    for (const letter of this.letters) {
      const { id, flags, towards } = letter;
      if (towards === undefined || towards === letter.folder) continue;
      const known = this.in(towards).filter((one) => one.id === id && one.flags.has(DELETED));
      if (marked(towards, id) <= known.length) continue;
      letter.towards = undefined;
      const there = { folder: towards, seen: { folder: towards, flags: new Set(flags) } };
      if (this.#means.move) Object.assign(letter, there);
      else this.letters.push({ id, flags: new Set(flags), wishes: [], left: true, ...there });
    }
  }

  #carryOut(letter: Letter): void {
    if (letter.coming === true) {
      letter.coming = false;
      // Gone again before it was there: nobody brings it.
      if (letter.wishes.some(isEnd)) {
        this.takeBack(letter);
        return;
      }
      letter.folder = letter.seen?.folder ?? null;
    }
    const { seen, wishes, folder } = letter;
    // Somebody else took it away, or the folder with it: there is nothing left to wish for.
    if (seen === null || folder === null || folder !== seen.folder || !folder.alive) return;
    const truth = new Set(seen.flags);
    // What was done before a copy is in the copy, what was done later is not; it leaves its place when all copies are made.
    for (let from = 0; from < wishes.length; ) {
      const at = wishes.findIndex(({ kind }, index) => index >= from && kind === "copy");
      const end = at < 0 ? wishes.length : at;
      const some = wishes.slice(from, end);
      if (some.some(isEnd)) {
        letter.left = some.some(({ kind }) => kind === "leave");
        if (letter.left) letter.towards = wishes.findLast((wish) => wish.kind === "move")?.to;
        this.#remove(letter);
        return;
      }
      this.#flagAll(letter, truth, some);
      const copy = wishes[at];
      if (copy?.kind === "copy" && copy.to.alive) this.copy(letter, copy.to);
      from = end + 1;
    }
    const target = wishes.findLast((wish) => wish.kind === "move")?.to;
    if (target === undefined || target === folder || !target.alive) return;
    if (this.#means.move) {
      letter.folder = target;
      return;
    }
    this.copy(letter, target);
    this.#remove(letter);
  }

  #flagAll(letter: Letter, truth: Set<string>, wishes: readonly Wish[]): void {
    const words = new Map<string, { on: boolean; count: number }>();
    for (const wish of wishes)
      if (wish.kind === "flag") words.set(wish.flag, { on: wish.on, count: (words.get(wish.flag)?.count ?? 0) + 1 });
    for (const [flag, { on, count }] of words) {
      // There and back again is no wish, whatever others did meanwhile.
      if (count > 1 && truth.has(flag) === on) continue;
      for (const flags of [letter.flags, truth]) {
        if (on) flags.add(flag);
        else flags.delete(flag);
      }
    }
  }

  /** Only this message: where the server cannot do that, it stays, marked and hidden. */
  #remove(letter: Letter): void {
    if (this.#means.uidplus) this.expunge(letter);
    else letter.flags.add(DELETED);
  }
}
