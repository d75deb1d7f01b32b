import { readFileSync } from "node:fs";
import { decodeHeader, readableText } from "../imap/decoded-text.ts";
import { fieldValue } from "../imap/header-fields.ts";
import { mimeTree } from "../imap/mime-tree.ts";
import { bounceMessage } from "./bounce.ts";
import { transportHeaders } from "./mailbox.ts";
import { PEOPLE, type Person, personAt } from "./people.ts";
import { rawMessage } from "./raw-message.ts";

/** What people write back, each text used in turn. */
export class Answers {
  readonly #texts = new Map<string, string[]>();
  readonly #used = new Map<string, number>();
  #count = 0;

  constructor() {
    const source = readFileSync(new URL("mail/answers.txt", import.meta.url), "utf8");
    for (const block of source.split(/^=== /m).slice(1)) {
      const end = block.indexOf("\n");
      const name = block.slice(0, end).trim();
      this.#texts.set(name, [...(this.#texts.get(name) ?? []), block.slice(end + 1).trim()]);
    }
  }

  /** The answer of one recipient to a message that the user sent: a bounce where there is nobody of that address. */
  to(sent: Buffer, recipient: string, at: Date): Buffer {
    const { fields } = mimeTree(sent);
    const header = (name: string): string => fieldValue(fields, name) ?? "";
    const messageId = `<answer-${++this.#count}.${at.getTime()}.demo@mx.harbour.example>`;
    const original = header("message-id");
    const from = personAt(recipient);
    if (from === undefined || recipient === PEOPLE["brandt"]?.address) {
      const diagnostic = `550 5.1.1 <${recipient}>: Recipient address rejected: no such user`;
      const reach =
        from === undefined
          ? "\n\nThis is the demo mailbox: only the people who write in it can be reached, and nothing ever leaves this computer."
          : "";
      const text = `Your message could not be delivered to ${recipient}.${reach}\n\nThe other server said:\n${diagnostic}`;
      return bounceMessage({
        at,
        messageId,
        original,
        subject: "Not delivered: address unknown",
        originalSubject: header("subject"),
        failed: recipient,
        diagnostic,
        text,
      });
    }
    const subject = decodeHeader(header("subject"));
    const written = readableText(sent).replace(/<[^>]*>/g, "");
    return rawMessage({
      from,
      to: [{ name: "Lin Wei", address: PEOPLE["me"]?.address ?? "", zone: 0 }],
      cc: [],
      subject: /^(re|回复|答复)\s*[:：]/i.test(subject)
        ? subject
        : `${/\p{Script=Han}/u.test(subject) && !/[\u3040-\u30ff]/.test(subject) ? "回复：" : "Re: "}${subject}`,
      at,
      messageId,
      references: [...(header("references").match(/<[^>]+>/g) ?? []), ...(original === "" ? [] : [original])],
      headers: transportHeaders(from, at, false),
      text: `${this.#next(from, `${subject} ${written}`)}\n\n${quote(written)}`,
      html: null,
      attachments: [],
    });
  }

  #next(from: Person, written: string): string {
    const alias = Object.keys(PEOPLE).find((name) => PEOPLE[name] === from) ?? "";
    const name = this.#texts.has(alias) ? alias : languageOf(written);
    const texts = this.#texts.get(name) ?? [""];
    const turn = this.#used.get(name) ?? 0;
    this.#used.set(name, turn + 1);
    return texts[turn % texts.length] ?? "";
  }
}

function languageOf(text: string): "any-en" | "any-zh" | "any-ja" {
  if (/[\u3040-\u30ff]/.test(text)) return "any-ja";
  return /\p{Script=Han}/u.test(text) ? "any-zh" : "any-en";
}

/** The first lines of what is answered, quoted. */
function quote(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const own = lines.filter((line) => line !== "" && !line.startsWith(">"));
  return own
    .slice(0, 4)
    .map((line) => `> ${line}`)
    .join("\n");
}
