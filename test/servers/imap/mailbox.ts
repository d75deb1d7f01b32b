import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";

/** A message in one mailbox. Sessions hold on to it by reference, also after it is gone. */
export interface Message {
  readonly uid: number;
  readonly raw: Buffer;
  readonly internalDate: Date;
  /** Minutes east of UTC in which the date was given. */
  readonly zoneMinutes: number;
  readonly emailId: string;
  flags: Set<string>;
  modseq: number;
  expunged: boolean;
  /** Nobody has been told of it as \Recent yet. */
  recent: boolean;
  /** Of a Gmail server: shared by all that show the message. */
  gm: GmailFacts | null;
}

/** What X-GM-EXT-1 tells of a message. */
export interface GmailFacts {
  readonly msgId: string;
  readonly thrId: string;
  readonly labels: Set<string>;
}

/** Hears what happens in a mailbox, for servers in which one change brings others. */
export interface MailboxWatcher {
  factsOf(message: NewMessage): GmailFacts;
  added(mailbox: Mailbox, message: Message): void;
  flagged(mailbox: Mailbox, message: Message): void;
  expunged(mailbox: Mailbox, gone: readonly Message[]): void;
}

export interface NewMessage {
  raw: Buffer;
  flags?: Iterable<string>;
  internalDate?: Date;
  zoneMinutes?: number;
  gm?: GmailFacts | null;
}

const SYSTEM_FLAGS = ["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"];

/** One folder: its messages in UID order, and the counters that synchronisation lives on (RFC 7162). */
export class Mailbox {
  readonly id: string;
  uidValidity: number;
  uidNext = 1;
  messages: Message[] = [];
  /** UIDs that are gone, with the MODSEQ at which they went. */
  vanished: { uid: number; modseq: number }[] = [];
  /** Fires after every change, so that idling sessions can tell their clients. */
  readonly changes = new EventEmitter<{ changed: [] }>().setMaxListeners(0);

  watcher: MailboxWatcher | null = null;
  /** One for all folders of a Gmail account, of its own for any other. */
  clock = { modseq: 1 };

  constructor(uidValidity: number) {
    this.uidValidity = uidValidity;
    this.id = `F${uidValidity}`;
  }

  get highestModseq(): number {
    return this.clock.modseq;
  }

  /** The next mod-sequence. */
  tick(): number {
    return ++this.clock.modseq;
  }

  add(added: NewMessage): Message {
    const { raw, flags = [], internalDate = new Date(), zoneMinutes = 0 } = added;
    const gm = this.watcher?.factsOf(added) ?? null;
    const twin = gm === null ? undefined : this.messages.find((one) => one.gm?.msgId === gm.msgId);
    if (twin !== undefined) return twin;
    const message: Message = {
      uid: this.uidNext++,
      raw,
      internalDate,
      zoneMinutes,
      emailId: `M${createHash("sha1").update(raw).digest("hex").slice(0, 20)}`,
      flags: new Set([...flags].filter((flag) => flag.toLowerCase() !== "\\recent").map(canonicalFlag)),
      modseq: this.tick(),
      expunged: false,
      recent: true,
      gm,
    };
    this.messages.push(message);
    this.watcher?.added(this, message);
    this.changes.emit("changed");
    return message;
  }

  setFlags(message: Message, flags: Iterable<string>): void {
    const wanted = new Set([...flags].map(canonicalFlag));
    wanted.delete("\\Recent");
    if (message.expunged || (wanted.size === message.flags.size && [...wanted].every((flag) => message.flags.has(flag)))) return;
    message.flags = wanted;
    this.touch(message);
    this.watcher?.flagged(this, message);
  }

  /** Something about the message changed that its mod-sequence covers. */
  touch(message: Message): void {
    message.modseq = this.tick();
    this.changes.emit("changed");
  }

  expunge(which: (message: Message) => boolean): Message[] {
    const gone = this.messages.filter(which);
    if (gone.length === 0) return gone;
    const modseq = this.tick();
    for (const message of gone) {
      message.expunged = true;
      this.vanished.push({ uid: message.uid, modseq });
    }
    this.messages = this.messages.filter((message) => !message.expunged);
    this.changes.emit("changed");
    this.watcher?.expunged(this, gone);
    return gone;
  }

  /** All UIDs start again under another UIDVALIDITY, as after a server's mailbox was rebuilt. Whoever has it open must be cut off. */
  renumber(uidValidity: number): void {
    const kept = this.messages;
    this.uidValidity = uidValidity;
    this.uidNext = 1;
    this.messages = [];
    this.vanished = [];
    for (const message of kept) this.add(message);
  }
}

/** System flags compare without case; everything else is kept as the first client wrote it. */
export function canonicalFlag(flag: string): string {
  return SYSTEM_FLAGS.find((known) => known.toLowerCase() === flag.toLowerCase()) ?? flag;
}
