import { readdirSync, readFileSync } from "node:fs";
import { ATTACHMENTS } from "./attachments.ts";
import { bounceMessage } from "./bounce.ts";
import { momentOf, parseMailFile, type WrittenMail } from "./mail-file.ts";
import { PEOPLE, type Person } from "./people.ts";
import { rawMessage } from "./raw-message.ts";
import { fillDates } from "./story-dates.ts";

export interface DemoMessage {
  folder: string;
  raw: Buffer;
  flags: string[];
  at: Date;
}

const FLAGS: Readonly<Record<string, string>> = { star: "\\Flagged", answered: "\\Answered", fwd: "$Forwarded", draft: "\\Draft" };

/** All messages that lie in the mailbox as the demo begins, oldest first. */
export function demoMessages(now: Date): DemoMessage[] {
  const folder = new URL("mail/", import.meta.url);
  const files = readdirSync(folder)
    .filter((name) => /^\d\d-/.test(name))
    .sort();
  const mails = files.flatMap((name) => parseMailFile(fillDates(readFileSync(new URL(name, folder), "utf8"), now)));
  const conversations = new Conversations(mails);
  return mails
    .map((mail, index) => ({
      folder: mail.folder,
      at: momentOf(mail.when, now),
      flags: flagsOf(mail),
      raw: rawOf(mail, momentOf(mail.when, now), conversations.idOf(mail, index), conversations.before(mail)),
    }))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Mail that arrives while the demo runs, in order. */
export function arrivingMail(now: Date): WrittenMail[] {
  return parseMailFile(fillDates(readFileSync(new URL("mail/arriving.txt", import.meta.url), "utf8"), now));
}

function flagsOf({ flags }: WrittenMail): string[] {
  const seen = flags.has("new") ? [] : ["\\Seen"];
  return [...seen, ...[...flags].flatMap((flag) => FLAGS[flag] ?? [])];
}

/** The bytes of a written mail as it would arrive at this moment. */
export function rawOf(mail: WrittenMail, at: Date, messageId: string, references: readonly string[]): Buffer {
  const bounce = [...mail.flags].find((flag) => flag.startsWith("bounce:"))?.slice(7);
  if (bounce !== undefined) {
    const [diagnostic = ""] = /^\d{3} .*/m.exec(mail.text) ?? [];
    const originalSubject = /"([^"]+)"/.exec(mail.text)?.[1] ?? "";
    return bounceMessage({
      at,
      messageId,
      original: references.at(-1) ?? "",
      subject: mail.subject,
      originalSubject,
      failed: bounce,
      diagnostic,
      text: mail.text,
    });
  }
  const from = person(mail.from);
  return rawMessage({
    from,
    to: mail.to.map(person),
    cc: mail.cc.map(person),
    subject: mail.subject,
    at,
    messageId,
    references,
    headers: [...(mail.from === "me" ? [] : transportHeaders(from, at, mail.flags.has("forged"))), ...mail.headers],
    text: mail.text,
    html: mail.html,
    attachments: mail.attachments.map((name) => {
      const make = ATTACHMENTS[name];
      if (make === undefined) throw new Error(`demo mail attaches ${name}, which nobody made`);
      return make(at);
    }),
  });
}

function person(name: string): Person {
  const found = PEOPLE[name];
  if (found === undefined) throw new Error(`nobody in the demo is called ${name}`);
  return found;
}

/** What the receiving server puts on top. */
export function transportHeaders({ address }: Person, at: Date, forged: boolean): string[] {
  const domain = address.slice(address.indexOf("@") + 1);
  const results = forged
    ? `spf=softfail smtp.mailfrom=${domain}; dkim=fail header.d=${domain}; dmarc=fail header.from=${domain}`
    : `spf=pass smtp.mailfrom=${domain}; dkim=pass header.d=${domain}; dmarc=pass header.from=${domain}`;
  return [
    `Return-Path: <${address}>`,
    `Received: from mail.${domain} by mx.harbour.example with ESMTPS; ${at.toUTCString().replace("GMT", "+0000")}`,
    `Authentication-Results: mx.harbour.example; ${results}`,
  ];
}

/** Who answers whom, by the ids in the mail files. */
class Conversations {
  readonly #byId = new Map<string, { mail: WrittenMail; messageId: string }>();

  constructor(mails: readonly WrittenMail[]) {
    for (const [index, mail] of mails.entries()) if (mail.id !== null) this.#byId.set(mail.id, { mail, messageId: this.idOf(mail, index) });
  }

  idOf(mail: WrittenMail, index: number): string {
    const { address } = person(mail.from);
    return `<${mail.id ?? `note-${index + 1}`}.demo${address.slice(address.indexOf("@"))}>`;
  }

  before(mail: WrittenMail): string[] {
    const chain: string[] = [];
    for (let parent = mail.parent; parent !== null; ) {
      const known = this.#byId.get(parent);
      if (known === undefined) throw new Error(`demo mail answers ${parent}, which is not there`);
      chain.unshift(known.messageId);
      parent = known.mail.parent;
    }
    return chain;
  }
}
