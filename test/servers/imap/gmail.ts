import type { MailStore } from "./mail-store.ts";
import type { GmailFacts, Mailbox, MailboxWatcher, Message, NewMessage } from "./mailbox.ts";

/** What X-GM-LABELS calls folders of special use. */
const SYSTEM_LABELS: Readonly<Record<string, string>> = {
  "\\Sent": "\\Sent",
  "\\Drafts": "\\Draft",
  "\\Important": "\\Important",
  "\\Flagged": "\\Starred",
};

/**
 * Gmail behind IMAP: every message lies once in All Mail, or in Trash or Spam; all other folders are labels that show it. Flags are the
 * message's own wherever it is shown, and all folders count mod-sequences together (as recorded).
 */
export class Gmail implements MailboxWatcher {
  readonly #store: MailStore;
  readonly #clock = { modseq: 1 };
  readonly #threads = new Map<string, string>();
  #next = 1_592_225_494_819_146_000n;
  /** Changes that follow from one under way bring no others. */
  #following = false;

  constructor(store: MailStore) {
    this.#store = store;
    for (const mailbox of store.mailboxes.values()) this.#adopt(mailbox);
    store.onRename = (from, to) => this.#relabel(from, to);
    store.onCreate = (_name, mailbox) => this.#adopt(mailbox);
  }

  #adopt(mailbox: Mailbox): void {
    mailbox.watcher = this;
    mailbox.clock = this.#clock;
  }

  /** A label of another name: its messages carry that one. */
  #relabel(from: string, to: string): void {
    this.#follow(() => {
      for (const message of this.#store.mailboxes.get(to)?.messages ?? []) {
        if (message.gm?.labels.delete(from) !== true) continue;
        message.gm.labels.add(to);
        this.#show(message);
      }
    });
  }

  factsOf({ gm, raw }: NewMessage): GmailFacts {
    if (gm) return gm;
    const msgId = String(this.#next++);
    const subject = /^subject:\s*(.*)$/im.exec(raw.toString("latin1", 0, 4000))?.[1] ?? "";
    const base = subject.replace(/^(re:\s*)+/i, "").trim();
    const thrId = (base === "" ? undefined : this.#threads.get(base)) ?? msgId;
    this.#threads.set(base, thrId);
    return { msgId, thrId, labels: new Set() };
  }

  added(mailbox: Mailbox, message: Message): void {
    this.#follow(() => {
      const label = this.#labelOf(mailbox);
      if (label !== null) message.gm?.labels.add(label);
      if (this.#isBin(mailbox)) {
        message.gm?.labels.delete("\\Inbox");
        this.#dropElsewhere(message, (one) => one !== mailbox);
        return;
      }
      this.#dropElsewhere(message, (one) => this.#isBin(one));
      this.#show(message);
    });
  }

  flagged(mailbox: Mailbox, message: Message): void {
    this.#follow(() => {
      for (const [one, shown] of this.#shownIn(message)) if (one !== mailbox) one.setFlags(shown, message.flags);
      if (message.flags.has("\\Flagged")) message.gm?.labels.add("\\Starred");
      else message.gm?.labels.delete("\\Starred");
      this.#show(message);
    });
  }

  expunged(mailbox: Mailbox, gone: readonly Message[]): void {
    this.#follow(() => {
      const label = this.#labelOf(mailbox);
      for (const message of gone) {
        if (label !== null) message.gm?.labels.delete(label);
        else if (!this.#isBin(mailbox)) this.#dropElsewhere(message, () => true);
        if (label !== null) this.#show(message);
      }
    });
  }

  /** STORE ±X-GM-LABELS. Sent and drafts keep theirs. */
  label(message: Message, labels: readonly string[], sign: string): void {
    const mine = message.gm?.labels;
    if (mine === undefined) return;
    this.#follow(() => {
      for (const one of sign === "" ? [...mine] : []) mine.delete(one);
      for (const one of labels) {
        if (sign !== "-") mine.add(one);
        else if (one !== "\\Sent" && one !== "\\Draft") mine.delete(one);
      }
      for (const one of labels) if (!one.startsWith("\\")) this.#store.create(one);
      this.#show(message);
    });
  }

  /** Only the label's own folder shows it: All Mail's mod-sequences do not cover the change. */
  labelSilently(message: Message, label: string): void {
    message.gm?.labels.add(label);
    this.#follow(() => void this.#store.find(label)?.add(message));
  }

  /** Brings folders in line with the labels, as long as the message is not thrown away. */
  #show(message: Message): void {
    const shown = this.#shownIn(message);
    if ([...shown.keys()].some((mailbox) => this.#isBin(mailbox))) return;
    for (const mailbox of this.#store.mailboxes.values()) {
      if (this.#isBin(mailbox)) continue;
      const label = this.#labelOf(mailbox);
      const wanted = label === null || message.gm?.labels.has(label) === true;
      if (wanted && !shown.has(mailbox)) mailbox.add(message);
      if (!wanted && shown.has(mailbox)) mailbox.expunge((one) => one.gm === message.gm);
      else if (label === null) for (const one of mailbox.messages) if (one.gm === message.gm) mailbox.touch(one);
    }
  }

  #dropElsewhere(message: Message, where: (mailbox: Mailbox) => boolean): void {
    for (const mailbox of this.#shownIn(message).keys()) if (where(mailbox)) mailbox.expunge((one) => one.gm === message.gm);
  }

  #shownIn(message: Message): Map<Mailbox, Message> {
    const found = new Map<Mailbox, Message>();
    for (const mailbox of this.#store.mailboxes.values()) {
      const shown = mailbox.messages.find((one) => one.gm === message.gm);
      if (shown !== undefined) found.set(mailbox, shown);
    }
    return found;
  }

  #follow(changes: () => void): void {
    if (this.#following) return;
    this.#following = true;
    changes();
    this.#following = false;
  }

  #standingOf(mailbox: Mailbox): { name: string; use: string | undefined } {
    const name = [...this.#store.mailboxes].find(([, one]) => one === mailbox)?.[0] ?? "";
    return { name, use: this.#store.specialUse.get(name) };
  }

  #isBin(mailbox: Mailbox): boolean {
    const { use } = this.#standingOf(mailbox);
    return use === "\\Trash" || use === "\\Junk";
  }

  /** Null for All Mail, Trash and Spam. */
  #labelOf(mailbox: Mailbox): string | null {
    const { name, use } = this.#standingOf(mailbox);
    if (name === "INBOX") return "\\Inbox";
    if (use === undefined) return name;
    return SYSTEM_LABELS[use] ?? null;
  }
}
