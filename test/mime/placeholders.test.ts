import fc from "fast-check";
import { expect, test } from "vitest";
import { composeMessage } from "../../main/mime/compose.ts";
import { fill, htmlTemplate, lineTemplate, looseBraces, placeholdersOf } from "../../main/mime/placeholders.ts";

const filled = (html: string, value: string): string => fill(htmlTemplate(html), () => value);

test("a value is text in HTML, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(filled("<p>{{x}}</p>", value).replaceAll("<br>", "")).not.toMatch(/^<p>.*[<>"].*<\/p>$/su);
    }),
  );
  expect(filled("<p>{{x}}</p>", "<b>\n&")).toBe("<p>&lt;b&gt;<br>&amp;</p>");
});

test("placeholders that are bold in part, or written with entities, are found, and the markup stays in balance", () => {
  expect(filled("<p>{{<b>na</b>me}}, hello</p>", "Li")).toBe("<p>Li<b></b>, hello</p>");
  expect(placeholdersOf(htmlTemplate("<p>{{&nbsp;A&amp;B |dear friend}}</p>"))).toMatchObject([{ name: "A&B", fallback: "dear friend" }]);
  expect(filled('<p title="{{x}}">{{姓名}}</p>', "李")).toBe('<p title="{{x}}">李</p>');
});

test("a link takes a value as part of its address, and as a whole only an address of the web or of mail", () => {
  const link = (address: string, value: string): string => filled(`<a rel="x" href="${address}">y</a>`, value);
  expect(link("https://x.test/?id={{id}}", 'a"&b')).toBe('<a rel="x" href="https://x.test/?id=a%22%26b">y</a>');
  expect(link("{{link}}", "https://x.test/?a=1&b=2")).toBe('<a rel="x" href="https://x.test/?a=1&amp;b=2">y</a>');
  expect(link("{{link}}", "javascript:alert(1)")).toBe('<a rel="x" href="javascript%3Aalert(1)">y</a>');
});

test("braces that make no placeholder are noticed", () => {
  expect(looseBraces(htmlTemplate("<p>{{name}</p><p>there}}</p>"))).toBe(true);
  expect(looseBraces(lineTemplate("{{name}} and {{city|here}}"))).toBe(false);
});

test("no value becomes a header", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: fc.constantFrom("\r", "\n", "B", "c", ":", " ", "a@x.test", "é", "\u2028") }), async (value) => {
      const subject = fill(lineTemplate("Hi {{x}}"), () => value);
      const raw = await composeMessage({
        from: { name: "", address: "me@example.test" },
        to: [{ name: value, address: "you@example.test" }],
        cc: [],
        subject,
        html: "<p>x</p>",
        quoteHtml: null,
        messageId: "1@example.test",
        inReplyTo: null,
        references: [],
        date: 0,
        attachments: [],
        listUnsubscribe: "<mailto:me@example.test?subject=unsubscribe>",
      });
      const names = raw
        .toString("latin1")
        .split("\r\n\r\n")[0]
        ?.split("\r\n")
        .filter((line) => !/^[ \t]/u.test(line))
        .map((line) => line.slice(0, line.indexOf(":")));
      expect(names?.toSorted()).toEqual(
        ["Content-Type", "Date", "From", "List-Unsubscribe", "MIME-Version", "Message-ID", "Subject", "To", "User-Agent"].toSorted(),
      );
    }),
    { numRuns: 60 },
  );
});
