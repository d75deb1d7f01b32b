import { expect, test } from "vitest";
import { type FoundFolder, type MissingFolder, planRecognition } from "../../main/plan/folder-renames.ts";

const missing = (id: number, more: Partial<MissingFolder> = {}): MissingFolder => ({
  id,
  uidValidity: 100,
  uidNext: 10,
  mailboxId: null,
  messages: 5,
  ...more,
});
const found = (path: string, more: Partial<FoundFolder> = {}): FoundFolder => ({
  path,
  uidValidity: 100,
  uidNext: 10,
  mailboxId: null,
  messages: 5,
  ...more,
});

test("the same MAILBOXID is the same folder, whatever else changed; another one never is", () => {
  const gone = [missing(1, { mailboxId: "a", messages: 0 }), missing(2, { mailboxId: "b" })];
  const came = [found("New", { mailboxId: "a", uidValidity: 7, messages: 3 }), found("Like b", { mailboxId: "c" })];
  expect(planRecognition(gone, came)).toEqual([{ id: 1, path: "New", look: null }]);
});

test("UIDVALIDITY is a hint that is looked into, the nearest count first", () => {
  const pairs = planRecognition([missing(1, { messages: 5 })], [found("Far", { messages: 9 }), found("Near", { messages: 5 })]);
  expect(pairs).toEqual([
    { id: 1, path: "Near", look: "numbers" },
    { id: 1, path: "Far", look: "numbers" },
  ]);
});

test("a folder whose numbers went back is not the same", () => {
  expect(planRecognition([missing(1, { uidNext: 10 })], [found("New", { uidNext: 9 })])).toEqual([]);
});

test("an empty folder is only recognised when it is the sole one of its number", () => {
  const empty = { messages: 0 };
  expect(planRecognition([missing(1, empty)], [found("New", empty)])).toEqual([{ id: 1, path: "New", look: null }]);
  expect(planRecognition([missing(1, empty), missing(2, empty)], [found("New", empty)])).toEqual([]);
  expect(planRecognition([missing(1, empty)], [found("New", empty), found("Newer", empty)])).toEqual([]);
});

test("other numbers mean a look at the messages, after all that is likelier", () => {
  const pairs = planRecognition([missing(1)], [found("Other", { uidValidity: 200 }), found("Same")]);
  expect(pairs.map(({ path, look }) => [path, look])).toEqual([
    ["Same", "numbers"],
    ["Other", "content"],
  ]);
});
