import fc from "fast-check";
import { expect, test } from "vitest";
import { scanHeader } from "../../main/mime/header-fields.ts";
import { listAddresses, readListFields } from "../../main/mime/list-fields.ts";

function fieldsOf(header: string) {
  const bytes = Buffer.from(`${header}\r\n\r\nwords\r\n`);
  return readListFields(bytes, scanHeader(bytes, 0, bytes.length).fields);
}

test.each([
  ["<https://a.example/x>", ["https://a.example/x"]],
  ["<mailto:l@a.example?subject=off>, <https://a.example/x>", ["mailto:l@a.example?subject=off", "https://a.example/x"]],
  ["(by mail (or not)) <mailto:l@a.example> (or here),\t<https://a.example/x>", ["mailto:l@a.example", "https://a.example/x"]],
  ["<https://a.example/ very/\tlong>", ["https://a.example/very/long"]],
  ["https://a.example/x", []],
  ["NO", []],
  ["", []],
  ["<>", []],
  ["<https://a.example/x", []],
  ["<https://a.example/1> and <https://a.example/2>", ["https://a.example/1"]],
  ["(<https://a.example/commented>) <https://a.example/x>", ["https://a.example/x"]],
  ["(never closed <https://a.example/x>", []],
])("the addresses of %j", (value, found) => {
  expect(listAddresses(value)).toEqual(found);
});

const blank = fc.array(fc.constantFrom(" ", "\t"), { maxLength: 3 }).map((all) => all.join(""));
const address = fc.webUrl({ withQueryParameters: true }).filter((url) => !/[<>\s]/u.test(url));
const comment = fc.stringMatching(/^[a-z <>,@]{0,12}$/u).map((text) => `(${text})`);

test("whatever stands between them, the addresses come out in their order, at most ten", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(address, blank, fc.option(comment)), { maxLength: 14 }), (all) => {
      const value = all.map(([url, space, said]) => `${space}${said ?? ""}${space}<${url}>${space}`).join(",");
      expect(listAddresses(value)).toEqual(all.slice(0, 10).map(([url]) => url));
    }),
  );
});

test("a bracket within brackets is no address, and what follows it is read", () => {
  expect(fieldsOf("List-Unsubscribe: <<>, <https://a.example/x>")?.leave).toEqual(["https://a.example/x"]);
});

test("no header is too strange to be read, and none gives an address with a bracket or a blank in it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("<", ">", "(", ")", ",", "\\", " ", "\r\n ", "https://a.example", "mailto:", "x", "\u202e")),
      (pieces) => {
        const read = fieldsOf(`List-Unsubscribe: ${pieces.join("")}`);
        for (const one of read?.leave ?? []) expect(one).not.toMatch(/[<>\s]/u);
      },
    ),
  );
});

const OUT = "List-Unsubscribe: <https://a.example/x>";
const POST = "List-Unsubscribe-Post: List-Unsubscribe=One-Click";

test("one click is offered by exactly one field of each kind, with exactly those words", () => {
  expect(fieldsOf(`${OUT}\r\n${POST}`)?.oneClick).toBe(true);
  const others = [
    OUT,
    `${OUT}\r\n${OUT}\r\n${POST}`,
    `${OUT}\r\n${POST}\r\n${POST}`,
    `${OUT}\r\n${POST}&amount=100`,
    `${OUT}\r\nX-${POST}`,
  ];
  expect(others.map((header) => fieldsOf(header)?.oneClick)).toEqual(others.map(() => false));
});

test("a list is known by its name, and tells whether its readers write on it", () => {
  const list = (post: string) => fieldsOf(`${OUT}\r\nList-Id: Harbour "news" <News.Harbour.example>\r\nList-Post: ${post}`);
  expect(list("<mailto:news@harbour.example>")).toEqual({
    id: "news.harbour.example",
    leave: ["https://a.example/x"],
    oneClick: false,
    discussion: true,
  });
  expect(list("NO (closed)")?.discussion).toBe(false);
  expect(fieldsOf("List-Post: <mailto:l@a.example>")).toBeNull();
});

test("a field that was encoded, as some senders do, is read all the same", () => {
  expect(fieldsOf("List-Unsubscribe: =?us-ascii?Q?=3Chttps=3A=2F=2Fa=2Eexample=2Fx=3E?=")?.leave).toEqual(["https://a.example/x"]);
});
