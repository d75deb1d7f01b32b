import type { Mailbox, Message } from "./mailbox.ts";
import { compressed } from "./sequence-set.ts";

/** How the client wants to be told (RFC 7162). */
export interface TellingStyle {
  modseq: boolean;
  /** QRESYNC: VANISHED in place of EXPUNGE, and UIDs everywhere. */
  qresync: boolean;
}

/**
 * The selected mailbox as one client knows it: its message numbers stay as they are until it has been told of a change.
 */
export class SelectedView {
  readonly mailbox: Mailbox;
  readonly readOnly: boolean;
  /** In the order of the client's message numbers; may hold messages that are gone already. */
  messages: Message[];
  readonly recent = new Set<Message>();
  /** MODSEQ of each message whose flags the client has seen. */
  readonly #told = new Map<Message, number>();
  #settledAt: number;

  constructor(mailbox: Mailbox, readOnly: boolean) {
    this.mailbox = mailbox;
    this.readOnly = readOnly;
    this.messages = [...mailbox.messages];
    for (const message of this.messages) this.#welcome(message);
    this.#settledAt = mailbox.highestModseq;
  }

  number(message: Message): number {
    return this.messages.indexOf(message) + 1;
  }

  flags(message: Message): string {
    return `FLAGS (${[...(this.recent.has(message) ? ["\\Recent"] : []), ...message.flags].join(" ")})`;
  }

  /** The client has the message's flags as they are now. */
  markTold(message: Message): void {
    this.#told.set(message, message.modseq);
  }

  /** Untagged answers for all that changed since the client was last told, and the client's numbers brought up to date. */
  news(style: TellingStyle, mayExpunge: boolean): string[] {
    if (this.mailbox.highestModseq === this.#settledAt) return [];
    const lines: string[] = [];
    const expungesWait = this.messages.some((message) => message.expunged) && !mayExpunge;
    if (mayExpunge) lines.push(...this.#expunge(style));
    lines.push(...this.#arrivals());
    for (const [index, message] of this.messages.entries()) {
      if (message.expunged || this.#told.get(message) === message.modseq) continue;
      this.markTold(message);
      const more = [...(style.qresync ? [`UID ${message.uid}`] : []), ...(style.modseq ? [`MODSEQ (${message.modseq})`] : [])];
      lines.push(`* ${index + 1} FETCH (${[...more, this.flags(message)].join(" ")})`);
    }
    if (!expungesWait) this.#settledAt = this.mailbox.highestModseq;
    return lines;
  }

  #expunge(style: TellingStyle): string[] {
    const lines: string[] = [];
    const uids: number[] = [];
    let number = 1;
    for (const message of this.messages) {
      if (!message.expunged) {
        number += 1;
        continue;
      }
      uids.push(message.uid);
      lines.push(`* ${number} EXPUNGE`);
      this.recent.delete(message);
      this.#told.delete(message);
    }
    if (uids.length === 0) return [];
    this.messages = this.messages.filter((message) => !message.expunged);
    return style.qresync ? [`* VANISHED ${compressed(uids)}`] : lines;
  }

  #arrivals(): string[] {
    const known = this.messages.at(-1)?.uid ?? 0;
    const fresh = this.mailbox.messages.filter((message) => message.uid > known && !this.#told.has(message));
    if (fresh.length === 0) return [];
    for (const message of fresh) {
      this.messages.push(message);
      this.#welcome(message);
    }
    return [`* ${this.messages.length} EXISTS`, `* ${this.recent.size} RECENT`];
  }

  #welcome(message: Message): void {
    this.markTold(message);
    if (!message.recent) return;
    this.recent.add(message);
    // Only one session may have it as \Recent; looking at it read-only does not count (RFC 3501 §2.3.2).
    if (!this.readOnly) message.recent = false;
  }
}
