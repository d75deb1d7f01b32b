import type { Gmail } from "./gmail.ts";
import type { MailStore } from "./mail-store.ts";
import type { Mailbox, Message, NewMessage } from "./mailbox.ts";
import { encodeFolderName } from "./utf7.ts";

export interface FolderMessage {
  uid: number;
  flags: string[];
  raw: Buffer;
  internalDate: Date;
}

/** A test's hand on the server's side of one folder: what others did, and what is there. */
export class FolderControl {
  readonly #store: MailStore;
  readonly #name: string;
  readonly #cutOff: (mailbox: Mailbox) => void;

  readonly #gmail: Gmail | null;

  constructor(store: MailStore, wireName: string, cutOff: (mailbox: Mailbox) => void, gmail: Gmail | null = null) {
    this.#gmail = gmail;
    this.#store = store;
    this.#name = wireName;
    this.#cutOff = cutOff;
  }

  get exists(): boolean {
    return this.#store.mailboxes.has(this.#name);
  }

  get uidValidity(): number {
    return this.#mailbox().uidValidity;
  }

  get uidNext(): number {
    return this.#mailbox().uidNext;
  }

  get highestModseq(): number {
    return this.#mailbox().highestModseq;
  }

  create(specialUse: string | null = null): this {
    this.#store.create(this.#name);
    this.#store.subscribed.add(this.#name);
    if (specialUse !== null) this.#store.specialUse.set(this.#name, specialUse);
    return this;
  }

  delete(): void {
    const mailbox = this.#mailbox();
    this.#store.delete(this.#name);
    this.#cutOff(mailbox);
  }

  /** @returns the UID */
  deliver(raw: Buffer | string, how: Omit<NewMessage, "raw"> = {}): number {
    const bytes = Buffer.isBuffer(raw) ? raw : Buffer.from(raw);
    return this.#mailbox().add({ ...how, raw: bytes }).uid;
  }

  messages(): FolderMessage[] {
    return this.#mailbox().messages.map(({ uid, flags, raw, internalDate }) => ({ uid, flags: [...flags], raw, internalDate }));
  }

  /** Puts these flags in place of those that the message has. */
  setFlags(uid: number, flags: readonly string[]): void {
    this.#mailbox().setFlags(this.#message(uid), flags);
  }

  expunge(...uids: readonly number[]): void {
    this.#mailbox().expunge(({ uid }) => uids.includes(uid));
  }

  /** Puts Gmail labels on a message, as another program or the web page does. */
  label(uid: number, labels: readonly string[]): void {
    this.#gmail?.label(this.#message(uid), labels.map(encodeFolderName), "+");
  }

  unlabel(uid: number, labels: readonly string[]): void {
    this.#gmail?.label(this.#message(uid), labels.map(encodeFolderName), "-");
  }

  /** A label of which no mod-sequence tells. */
  labelSilently(uid: number, label: string): void {
    this.#gmail?.labelSilently(this.#message(uid), label);
  }

  /** Moves a message to another folder. */
  moveTo(name: string, uid: number): void {
    const message = this.#message(uid);
    this.#store.find(name)?.add(message);
    this.#mailbox().expunge((one) => one === message);
  }

  /** Puts a copy of a message into another folder. */
  copyTo(name: string, uid: number): void {
    this.#store.find(encodeFolderName(name))?.add(this.#message(uid));
  }

  /** Whoever has it open is cut off. */
  rename(name: string): void {
    const mailbox = this.#mailbox();
    this.#store.rename(this.#name, encodeFolderName(name));
    this.#cutOff(mailbox);
  }

  /** The messages stay and all UIDs change; who has the folder open is cut off. */
  resetUidValidity(): void {
    const mailbox = this.#mailbox();
    mailbox.renumber(this.#store.freshUidValidity());
    this.#cutOff(mailbox);
  }

  #mailbox(): Mailbox {
    const mailbox = this.#store.mailboxes.get(this.#name);
    if (mailbox === undefined) throw new Error(`no such folder: ${this.#name}`);
    return mailbox;
  }

  #message(uid: number): Message {
    const message = this.#mailbox().messages.find((one) => one.uid === uid);
    if (message === undefined) throw new Error(`no message ${uid} in ${this.#name}`);
    return message;
  }
}
