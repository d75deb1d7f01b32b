import fc from "fast-check";
import { expect, test } from "vitest";
import { overlay, type PlacementChange } from "../../main/plan/overlay.ts";
import { flagBits } from "../../shared/flags.ts";
import type { FolderId } from "../../shared/ids.ts";

const inbox = 1 as FolderId;
const archive = 2 as FolderId;
const truth = { folderId: inbox, flags: flagBits(["seen"]) };

test("without operations the server's truth is shown", () => {
  expect(overlay(truth, [])).toEqual(truth);
});

test("the last word on a flag and the last move count", () => {
  const changes: PlacementChange[] = [
    { kind: "flag", flag: "seen", on: false },
    { kind: "move", toFolderId: archive },
    { kind: "flag", flag: "seen", on: true },
    { kind: "flag", flag: "flagged", on: true },
    { kind: "move", toFolderId: inbox },
  ];
  expect(overlay(truth, changes)).toEqual({ folderId: inbox, flags: flagBits(["seen", "flagged"]) });
});

test("what is deleted for good is shown nowhere, also when it was moved afterwards", () => {
  expect(overlay(truth, [{ kind: "expunge" }, { kind: "move", toFolderId: archive }]).folderId).toBeNull();
});

test("a message marked \\Deleted is shown nowhere until the mark is taken off", () => {
  const deleted = { folderId: inbox, flags: flagBits(["deleted"]) };
  expect(overlay(deleted, [{ kind: "move", toFolderId: archive }]).folderId).toBeNull();
  expect(overlay(deleted, [{ kind: "flag", flag: "deleted", on: false }]).folderId).toBe(inbox);
});

test("an operation done twice shows the same as done once", () => {
  const change = fc.oneof(
    fc.record({ kind: fc.constant("flag" as const), flag: fc.constantFrom("seen", "flagged", "deleted" as const), on: fc.boolean() }),
    fc.record({ kind: fc.constant("move" as const), toFolderId: fc.constantFrom(inbox, archive) }),
  );
  fc.assert(
    fc.property(fc.array(change), change, (changes, last) => {
      expect(overlay(truth, [...changes, last, last])).toEqual(overlay(truth, [...changes, last]));
    }),
  );
});
