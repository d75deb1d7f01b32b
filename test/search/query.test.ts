import fc from "fast-check";
import { expect, test } from "vitest";
import { parseQuery } from "../../main/search/query.ts";

test("a Chinese word is a phrase of its characters", () => {
  expect(parseQuery("发票").match).toBe('"发 票"');
});

test("the last bare word is a beginning while it is typed, and whole after a blank", () => {
  expect(parseQuery("osaka ship").match).toBe('"osaka" AND "ship"*');
  expect(parseQuery("osaka ship ").match).toBe('"osaka" AND "ship"');
});

test("fields, phrases and exclusions, in either language's punctuation", () => {
  expect(parseQuery('from:mira "packing list" -draft ').match).toBe('sender : "mira" AND "packing list" NOT "draft"');
  expect(parseQuery("发件人：陈晓雯 「报价单」 ").match).toBe('sender : "陈 晓 雯" AND "报 价 单"');
});

test("filters are not words", () => {
  const query = parseQuery("is:unread has:attachment in:archive after:2026-11-01 invoice ");
  expect(query).toMatchObject({
    match: '"invoice"',
    unread: true,
    attachment: true,
    inFolder: "archive",
    after: new Date(2026, 10, 1).getTime(),
  });
});

test("what is attached is asked for by its name, or by whether there is anything, in both languages", () => {
  for (const field of ["file", "filename", "attachment", "附件", "文件名"])
    expect(parseQuery(`${field}:发票 `).match).toBe('files : "发 票"');
  expect(parseQuery("附件：「报价单 第三版」 ").match).toBe('files : "报 价 单 第 三 版"');
  expect(parseQuery("filename:*.pdf ").match).toBe('files : "pdf"');
  for (const words of ["has:attachment", "has:files", "has:附件", "有：附件", "含:附件"])
    expect(parseQuery(words)).toMatchObject({ match: null, attachment: true });
  expect(parseQuery("-has:attachment 合同 ")).toMatchObject({ match: '"合 同"', attachment: false });
});

test("an unknown operator is only text", () => {
  expect(parseQuery("http://example.test ").match).toBe('"http example test"');
});

test("nothing that can be typed makes a broken expression", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { match } = parseQuery(text);
      if (match !== null) expect(match).toMatch(/^[^"]*("[^"]+"\*?[^"]*)+$/u);
    }),
  );
});
