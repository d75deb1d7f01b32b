import { describe, expect, it } from "vitest";
import { attachmentWord, checkBeforeSend, plainText } from "../../../renderer/state/send-checks.ts";
import type { DraftContent } from "../../../shared/contract/compose.ts";

const content = (change: Partial<DraftContent>): DraftContent => ({
  identityId: 1 as DraftContent["identityId"],
  to: [{ name: "", address: "user1@example.test" }],
  cc: [],
  bcc: [],
  subject: "Hello",
  html: "<p>Hello</p>",
  includeQuote: false,
  ...change,
});
const kinds = (change: Partial<DraftContent>, attachments = 0, uploading = false): string[] =>
  checkBeforeSend({ content: content(change), attachments, uploading }).map((check) => check.kind);

describe("before a message goes", () => {
  it("lets a whole message go", () => {
    expect(kinds({})).toEqual([]);
  });

  it("needs somebody to send it to; Bcc alone is enough", () => {
    expect(kinds({ to: [] })).toEqual(["no-recipients"]);
    expect(kinds({ to: [], bcc: [{ name: "", address: "user1@example.test" }] })).toEqual([]);
  });

  it("stops at what is no address and at a file still on its way", () => {
    expect(kinds({ cc: [{ name: "", address: "nobody" }] })).toEqual(["bad-address"]);
    expect(kinds({}, 0, true)).toEqual(["uploading"]);
  });

  it("asks once about a domain that takes no mail, and names the one that was probably meant", () => {
    const to = [{ name: "", address: "bob@gmial.com" }];
    const found = (withoutMail: ReadonlySet<string>) =>
      checkBeforeSend({ content: content({ to }), attachments: 0, uploading: false, withoutMail });
    expect(found(new Set(["gmial.com"]))).toEqual([{ kind: "no-mail", stops: false, domain: "gmial.com", suggestion: "gmail.com" }]);
    expect(found(new Set(["other.example"]))).toEqual([]);
  });

  it("asks about an attachment that is promised and missing, in English and Chinese", () => {
    expect(kinds({ html: "<p>Please find the list attached.</p>" })).toEqual(["no-attachment"]);
    expect(kinds({ html: "<p>报价单见附件。</p>" })).toEqual(["no-attachment"]);
    expect(kinds({ html: "<p>Please find the list attached.</p>" }, 1)).toEqual([]);
  });

  it("does not ask when the message says that there is none", () => {
    expect([attachmentWord("There are no attachments this time."), attachmentWord("这封信没有附件。"), attachmentWord("see you")]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it("does not take the words of somebody quoted for a promise", () => {
    expect(kinds({ html: "<p>Thank you.</p><blockquote><p>The invoice is attached.</p></blockquote>" })).toEqual([]);
  });

  it("asks about an empty subject after the attachment", () => {
    expect(kinds({ subject: " ", html: "<p>see attachment</p>" })).toEqual(["no-attachment", "no-subject"]);
  });

  it("reads the words of the text, not its tags", () => {
    expect(plainText('<p>a &lt;b&gt; &amp;amp;</p><p><a href="https://attached.test">c</a></p>')).toBe("a <b> &amp;\nc\n");
  });
});
