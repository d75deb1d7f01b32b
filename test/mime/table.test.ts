import { encode } from "iconv-lite";
import { expect, test } from "vitest";
import { readTable } from "../../main/mime/table.ts";

const TEXT = "姓名,邮箱,城市\r\n李雷,lilei@example.test,北京\r\n韩梅梅,hanmeimei@example.test,上海\r\n";
const TABLE = {
  columns: ["姓名", "邮箱", "城市"],
  rows: [
    ["李雷", "lilei@example.test", "北京"],
    ["韩梅梅", "hanmeimei@example.test", "上海"],
  ],
};

test.each([
  ["UTF-8", Buffer.from(TEXT)],
  ["UTF-8 with its mark", Buffer.from(`\ufeff${TEXT}`)],
  ["UTF-16, as Excel saves Unicode text", Buffer.from(`\ufeff${TEXT.replaceAll(",", "\t")}`, "utf16le")],
  ["UTF-16 without a mark", Buffer.from(TEXT, "utf16le")],
  ["UTF-16 the other way round", Buffer.from(`\ufeff${TEXT}`, "utf16le").swap16()],
  ["GB18030", encode(TEXT, "gb18030")],
  ["GB18030 with semicolons", encode(TEXT.replaceAll(",", ";"), "gb18030")],
])("a table in %s is read", (_, bytes) => {
  expect(readTable(bytes, [])).toEqual(TABLE);
});

test("columns without a name have a letter, doubled ones a number; a list without a head keeps its first row", () => {
  expect(readTable(Buffer.from("sep=;\nName;;name\nA;b;c\n\n;;\nD"), [])).toEqual({
    columns: ["Name", "B", "name 2"],
    rows: [
      ["A", "b", "c"],
      ["D", "", ""],
    ],
  });
  expect(readTable(Buffer.from("a@x.test\nb@x.test"), [])).toEqual({ columns: ["A"], rows: [["a@x.test"], ["b@x.test"]] });
});

test("a file without rows, and one that is too long, say so", () => {
  expect(() => readTable(Buffer.from("name,mail\n"), [])).toThrow(expect.objectContaining({ code: "no-table" }));
  expect(() => readTable(Buffer.alloc(0), [])).toThrow(expect.objectContaining({ code: "no-table" }));
  expect(() => readTable(Buffer.from("m\n".repeat(5002)), [])).toThrow(expect.objectContaining({ code: "table-too-long" }));
});
