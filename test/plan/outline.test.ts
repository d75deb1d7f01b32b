import { expect, test } from "vitest";
import { buildOutline, planOutline, type ServerPart, sectionsOf } from "../../main/plan/outline.ts";

const KB = 1024;
const MB = 1_000_000;

function leaf(number: string, type: string, sizeBytes: number, more: Partial<ServerPart> = {}): ServerPart {
  return { number, type, name: "", disposition: "", contentId: "", encoding: "", sizeBytes, boundary: "", children: [], ...more };
}
const multipart = (number: string, type: string, boundary: string, ...children: ServerPart[]): ServerPart => ({
  ...leaf(number, type, 0),
  boundary,
  children,
});
const file = (number: string, sizeBytes: number): ServerPart =>
  leaf(number, "application/zip", sizeBytes, { name: "a.zip", disposition: "attachment", encoding: "base64" });

test("words come before pictures, pictures before files, small files before larger ones, and all of it stays within the limit", () => {
  const root = multipart(
    "",
    "multipart/mixed",
    "b",
    file("1", 400 * KB),
    leaf("2", "text/plain", 300 * KB),
    leaf("3", "image/png", 500 * KB, { contentId: "<x>" }),
    file("4", 100 * KB),
    file("5", 9 * MB),
  );
  const { fetch, left } = planOutline(root, MB);
  expect([...fetch].filter(([, how]) => how.kind === "whole").map(([number]) => number)).toEqual(["2", "3", "4"]);
  expect([...left]).toEqual([
    ["1", Math.round((400 * KB * 57) / 78)],
    ["5", Math.round((9 * MB * 57) / 78)],
  ]);
});

test("of words that are longer than the limit the beginning comes", () => {
  const root = leaf("1", "text/plain", 30 * MB);
  const plan = planOutline(root, MB);
  expect(sectionsOf(root, plan)).toEqual([{ name: "1", firstBytes: MB }]);
  expect([...plan.left.keys()]).toEqual(["1"]);
});

test("an outline has every header as it is, the parts that were fetched, and nothing of the others", () => {
  const inner = leaf("3", "message/rfc822", 8 * MB);
  const root = multipart("", "multipart/mixed", "b", leaf("1", "text/plain", 10), file("2", 9 * MB), inner);
  const plan = planOutline(root, MB);
  const text = (value: string): Uint8Array => Buffer.from(value);
  const sections = new Map([
    ["HEADER", text("Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n")],
    ["1.MIME", text("Content-Type: text/plain\r\n\r\n")],
    ["1", text("words")],
    ["2.MIME", text("Content-Type: application/zip\r\n")],
    ["3.MIME", text("Content-Type: message/rfc822\r\n\r\n")],
    ["3.HEADER", text("Subject: inside\r\n\r\n")],
  ]);
  expect(sectionsOf(root, plan).map(({ name }) => name)).toEqual([...sections.keys()].slice(1));
  expect(Buffer.concat(buildOutline(root, plan, sections) ?? []).toString()).toBe(
    [
      "Subject: x",
      "Content-Type: multipart/mixed; boundary=b",
      "",
      "--b",
      "Content-Type: text/plain",
      "",
      "words",
      "--b",
      "Content-Type: application/zip",
      "",
      "",
      "--b",
      "Content-Type: message/rfc822",
      "",
      "Subject: inside",
      "",
      "",
      "--b--",
      "",
    ].join("\r\n"),
  );
  sections.delete("1");
  expect(buildOutline(root, plan, sections)).toBeNull();
});
