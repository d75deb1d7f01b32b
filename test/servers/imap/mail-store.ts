import { Mailbox } from "./mailbox.ts";

/** Names that special use attributes stand for (RFC 6154), as the server has them from the start. */
export const STANDARD_FOLDERS: Readonly<Record<string, string | null>> = {
  INBOX: null,
  Drafts: "\\Drafts",
  Sent: "\\Sent",
  Archive: "\\Archive",
  Junk: "\\Junk",
  Trash: "\\Trash",
};

/** The folders of one user. Names are wire names: modified UTF-7 as the client sent it. */
export class MailStore {
  readonly mailboxes = new Map<string, Mailbox>();
  readonly subscribed = new Set<string>();
  readonly specialUse = new Map<string, string>();
  onRename: ((from: string, to: string) => void) | null = null;
  onCreate: ((name: string, mailbox: Mailbox) => void) | null = null;
  #nextUidValidity: number;

  /** Between the levels of the tree. */
  readonly separator: string;

  constructor(folders: Readonly<Record<string, string | null>>, separator = "/", firstUidValidity = 1_700_000_000) {
    this.#nextUidValidity = firstUidValidity;
    this.separator = separator;
    for (const [name, use] of Object.entries(folders)) {
      this.create(name);
      this.subscribed.add(name);
      if (use !== null) this.specialUse.set(name, use);
    }
  }

  find(name: string): Mailbox | undefined {
    return this.mailboxes.get(canonicalName(name));
  }

  /** @returns null when there is one of that name already */
  create(name: string): Mailbox | null {
    const wanted = canonicalName(name.endsWith(this.separator) ? name.slice(0, -1) : name);
    if (wanted === "" || this.mailboxes.has(wanted)) return null;
    const mailbox = new Mailbox(this.freshUidValidity());
    this.onCreate?.(wanted, mailbox);
    this.mailboxes.set(wanted, mailbox);
    return mailbox;
  }

  delete(name: string): boolean {
    const wanted = canonicalName(name);
    if (wanted === "INBOX") return false;
    this.specialUse.delete(wanted);
    const mailbox = this.mailboxes.get(wanted);
    mailbox?.expunge(() => true);
    return this.mailboxes.delete(wanted);
  }

  /** RFC 3501 §6.3.5: folders below move along; INBOX only gives its messages away. */
  rename(from: string, to: string): boolean {
    const [old, wanted] = [canonicalName(from), canonicalName(to)];
    const mailbox = this.mailboxes.get(old);
    const below = [...this.mailboxes.keys()].filter((name) => name.startsWith(old + this.separator));
    if (this.mailboxes.has(wanted) || (mailbox === undefined && below.length === 0)) return false;
    if (old === "INBOX") {
      const target = this.create(wanted);
      for (const message of mailbox?.messages ?? []) target?.add(message);
      mailbox?.expunge(() => true);
      return true;
    }
    for (const name of mailbox === undefined ? below : [old, ...below]) this.#move(name, wanted + name.slice(old.length));
    return true;
  }

  #move(from: string, to: string): void {
    const mailbox = this.mailboxes.get(from);
    if (mailbox === undefined) return;
    this.mailboxes.delete(from);
    this.mailboxes.set(to, mailbox);
    this.onRename?.(from, to);
    const use = this.specialUse.get(from);
    if (use === undefined) return;
    this.specialUse.delete(from);
    this.specialUse.set(to, use);
  }

  /** Ever growing, so that a name that comes back never carries the number it had. */
  freshUidValidity(): number {
    return this.#nextUidValidity++;
  }

  hasChildren(name: string): boolean {
    return [...this.mailboxes.keys()].some((other) => other.startsWith(name + this.separator));
  }
}

/** INBOX is the only name without case (RFC 3501 §5.1), also as the root of others. */
export function canonicalName(name: string): string {
  return /^inbox(?=[/.]|$)/i.test(name) ? `INBOX${name.slice(5)}` : name;
}
