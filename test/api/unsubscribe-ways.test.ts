import fc from "fast-check";
import { expect, test } from "vitest";
import { unsubscribeWays } from "../../main/api/unsubscribe-ways.ts";

const ME = { name: "", address: "user1@example.test" };
const ways = (leave: string[], { oneClick = true, signed = true } = {}) =>
  unsubscribeWays({ id: "", leave, oneClick, discussion: false }, ME, signed);
const kinds = (...of: Parameters<typeof ways>) => ways(...of).map(({ kind }) => kind);
const page = (url: string) => ({ kind: "page", host: new URL(url).hostname, url });

test("what is signed is told by one click; a mail and the page are there besides", () => {
  expect(ways(["mailto:out@a.example?subject=off%20list&body=please%0D%0Astop", "https://a.example/x?id=1"])).toEqual([
    { ...page("https://a.example/x?id=1"), kind: "post" },
    { kind: "mail", from: ME, to: "out@a.example", subject: "off list", text: "please\nstop" },
    page("https://a.example/x?id=1"),
  ]);
});

test("nothing is posted that nobody signed, that does not say so, that is not in https, or when it is not clear where to", () => {
  const secure = "https://a.example/x";
  expect(kinds([secure], { signed: false })).toEqual(["page"]);
  expect(kinds([secure], { oneClick: false })).toEqual(["page"]);
  expect(kinds(["http://a.example/x"])).toEqual(["page"]);
  expect(kinds([secure, "https://b.example/y"])).toEqual(["page"]);
  expect(kinds([secure, "http://a.example/x"])).toEqual(["post", "page"]);
});

test.each([
  "javascript:alert(1)",
  "data:text/html,<script>",
  "file:///etc/passwd",
  "satchel://x",
  "//a.example/x",
  "https://user1:pw@a.example/x",
  "https:///",
  `https://a.example/${"x".repeat(4000)}`,
  "mailto:",
  "mailto:nobody",
  "mailto:a@x.example,b@x.example",
  "mailto:a@x.example?to=b@x.example",
  "mailto:%22%0d%0aBcc%3a%20all%22@x.example",
  `mailto:a@x.example?subject=${"x".repeat(201)}`,
  `mailto:a@x.example?body=${"x".repeat(2001)}`,
])("%j is no way out", (address) => {
  expect(ways([address])).toEqual([]);
});

test("a mail goes to one address with what is shown, whatever else it was told to hold", () => {
  const hostile =
    "mailto:out@a.example?cc=x@b.example&bcc=y@b.example&attach=/etc/passwd&attachment=file:///x&from=ceo@a.example&in-reply-to=%3Ca@b%3E&subject=%0D%0ABcc:%20z@b.example&body=hello%07";
  expect(ways([hostile])).toEqual([{ kind: "mail", from: ME, to: "out@a.example", subject: "Bcc: z@b.example", text: "hello" }]);
});

test("whatever an address is, what is offered is a page in http or https, a POST in https, or a mail to one address on one line", () => {
  const piece = fc.constantFrom(
    "https://",
    "http://",
    "mailto:",
    "a@x.example",
    "?",
    "&",
    "subject=",
    "body=",
    "bcc=",
    "%0d%0a",
    "%",
    "@",
    "x",
    ",",
    "\u202e",
    "[::1]",
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.array(piece, { maxLength: 8 }).map((all) => all.join("")),
        { maxLength: 4 },
      ),
      (leave) => {
        for (const way of ways(leave)) {
          if (way.kind === "mail") expect(way.to + way.subject).not.toMatch(/[\r\n\0]/u);
          else expect(way.url).toMatch(way.kind === "post" ? /^https:\/\/[^/@]+\// : /^https?:\/\/[^/@]+\//);
        }
      },
    ),
  );
});
