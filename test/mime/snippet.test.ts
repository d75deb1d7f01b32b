import { expect, test } from "vitest";
import { snippetOf } from "../../main/mime/snippet.ts";

test("lines become one with a blank between them, and without one after a full-width stop, which brings its own room", () => {
  expect(snippetOf("Hi Lin,\n\nthe crates are here.")).toBe("Hi Lin, the crates are here.");
  expect(snippetOf("林老师您好：\n\n附件是报价单。\n请查收\n晓雯")).toBe("林老师您好：附件是报价单。请查收 晓雯");
});

test("quoted lines, rules and addresses of web pages are left out", () => {
  expect(snippetOf("Thank you.\n------\nhttps://harbour.example/a\n> You wrote\nBye")).toBe("Thank you. Bye");
});
