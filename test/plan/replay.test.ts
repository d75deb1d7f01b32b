import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planReplay, type ReplayChange, recognise, type WaitingOperation } from "../../main/plan/replay.ts";
import { FLAGS, flagBits, hasFlag, withFlag } from "../../shared/flags.ts";

const INBOX = 1;
const ARCHIVE = 2;
const TRASH = 3;

function operations(changes: readonly ReplayChange[], more: Partial<WaitingOperation> = {}): WaitingOperation[] {
  return changes.map((change, index) => ({
    id: index + 1,
    placementId: 10,
    state: "pending",
    folderId: INBOX,
    uid: 5,
    flags: 0,
    change,
    ...more,
  }));
}
const flag = (name: "seen" | "flagged", on: boolean): ReplayChange => ({ kind: "flag", flag: name, on });
const move = (toFolderId: number): ReplayChange => ({ kind: "move", toFolderId });

test("a message moved and moved back while offline sends nothing to the server", () => {
  expect(planReplay(operations([move(ARCHIVE), move(INBOX)]))).toEqual([{ kind: "settled", ids: [1, 2] }]);
});

test("a star put on and taken off sends nothing", () => {
  expect(planReplay(operations([flag("flagged", true), flag("flagged", false)]))).toEqual([{ kind: "settled", ids: [1, 2] }]);
});

test("the last word per flag counts", () => {
  expect(planReplay(operations([flag("seen", true), flag("seen", false), flag("seen", true)]))).toEqual([
    { kind: "flag", folderId: INBOX, flag: "seen", on: true, items: [{ placementId: 10, uid: 5, ids: [1, 2, 3] }] },
  ]);
});

test("a single word is sent although it seems to say nothing: our truth may be old", () => {
  expect(planReplay(operations([flag("seen", true)], { flags: flagBits(["seen"]) }))).toHaveLength(1);
});

test("flags go before moves, whatever was done first", () => {
  const kinds = planReplay(operations([move(ARCHIVE), flag("seen", true)])).map(({ kind }) => kind);
  expect(kinds).toEqual(["flag", "move"]);
});

test("a message that went through several folders is moved once, to the last", () => {
  expect(planReplay(operations([move(ARCHIVE), move(TRASH)]))).toEqual([
    { kind: "move", folderId: INBOX, toFolderId: TRASH, items: [{ placementId: 10, uid: 5, ids: [1, 2] }] },
  ]);
});

test("what is removed for good is not marked and moved first", () => {
  expect(planReplay(operations([flag("seen", true), move(TRASH), { kind: "expunge" }]))).toEqual([
    { kind: "expunge", folderId: INBOX, items: [{ placementId: 10, uid: 5, ids: [1, 2, 3] }] },
  ]);
});

test("ten thousand messages marked read are a few commands", () => {
  const many = Array.from({ length: 10_000 }, (_, index) => ({
    ...operations([flag("seen", true)])[0],
    id: index + 1,
    placementId: index,
    uid: index + 1,
  }));
  expect(planReplay(many as WaitingOperation[])).toHaveLength(20);
});

test("a message whose number is not known yet waits", () => {
  expect(planReplay(operations([flag("seen", true), move(TRASH)], { uid: null }))).toEqual([]);
});

test("a move that may have happened before the crash is looked for, and what came after it waits", () => {
  const [first, second] = operations([move(ARCHIVE), flag("seen", true)]);
  const steps = planReplay([{ ...(first as WaitingOperation), state: "attempted" }, second as WaitingOperation]);
  expect(steps).toEqual([{ kind: "look", folderId: INBOX, toFolderId: ARCHIVE, items: [{ placementId: 10, uid: 5, ids: [1] }] }]);
});

describe("any history of one message", () => {
  const change = fc.oneof(
    fc.record({ kind: fc.constant("flag" as const), flag: fc.constantFrom(...FLAGS), on: fc.boolean() }),
    fc.record({ kind: fc.constant("move" as const), toFolderId: fc.constantFrom(INBOX, ARCHIVE, TRASH) }),
  );
  test("leaves the message on the server as the user last saw it, and settles every operation exactly once", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.integer({ min: 0, max: 127 }), (changes, flags) => {
        const steps = planReplay(operations(changes, { flags }));
        let wanted = { folder: INBOX, flags };
        for (const one of changes)
          wanted =
            one.kind === "flag" ? { ...wanted, flags: withFlag(wanted.flags, one.flag, one.on) } : { ...wanted, folder: one.toFolderId };
        let folder = INBOX;
        let on = flags;
        for (const step of steps) {
          if (step.kind === "flag") on = withFlag(on, step.flag, step.on);
          if (step.kind === "move") folder = step.toFolderId;
        }
        expect({ folder, flags: on }).toEqual(wanted);
        const ids = steps.flatMap((step) => (step.kind === "settled" ? step.ids : step.items.flatMap((item) => item.ids)));
        expect([...ids].sort((a, b) => a - b)).toEqual(changes.map((_, index) => index + 1));
        expect(FLAGS.every((name) => hasFlag(on, name) === hasFlag(wanted.flags, name))).toBe(true);
      }),
    );
  });
});

describe("a copy that may have been made", () => {
  const sought = { messageIdHeader: "a@example.test", sizeBytes: 100, emailId: null };
  test("is known by Message-ID and size", () => {
    const seen = [
      { uid: 7, sizeBytes: 100, messageIdHeaders: ["other@example.test"] },
      { uid: 8, sizeBytes: 100, messageIdHeaders: ["a@example.test"] },
    ];
    expect(recognise(sought, seen)).toBe(8);
  });
  test("is not taken for another message of the same Message-ID", () => {
    expect(recognise(sought, [{ uid: 8, sizeBytes: 101, messageIdHeaders: ["a@example.test"] }])).toBeNull();
  });
  test("is not guessed when two fit", () => {
    const twins = [1, 2].map((uid) => ({ uid, sizeBytes: 100, messageIdHeaders: ["a@example.test"] }));
    expect(recognise(sought, twins)).toBe("ambiguous");
  });
  test("is known by the server's own identity before anything else", () => {
    const twins = [1, 2].map((uid) => ({ uid, sizeBytes: 100, messageIdHeaders: ["a@example.test"], emailId: `E${uid}` }));
    expect(recognise({ ...sought, emailId: "E2" }, twins)).toBe(2);
  });
});
