import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeFolderName, encodeFolderName } from "../../main/imap/folder-names.ts";

test("Chinese folder names are read and written as RFC 3501 says", () => {
  expect(decodeFolderName("&UXZO1mWHTvZZOQ-/&V4NXPpCuTvY-")).toBe("其他文件夹/垃圾邮件");
  expect(encodeFolderName("其他文件夹/垃圾邮件")).toBe("&UXZO1mWHTvZZOQ-/&V4NXPpCuTvY-");
  expect(encodeFolderName("R&D")).toBe("R&-D");
});

test("any name survives the way there and back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      const wellFormed = name.toWellFormed();
      expect(decodeFolderName(encodeFolderName(wellFormed))).toBe(wellFormed);
    }),
  );
});

test.each(["&", "&bad", "A&!!-", "&AGEAYg-", "&T2", "Reports & more", "&AA-"])(
  "the broken name %j keeps the server's own spelling",
  (raw) => {
    expect(decodeFolderName(raw)).toBe(raw);
  },
);
