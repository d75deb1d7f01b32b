import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planReplay, type ReplayChange, recogniseAll, type Seen, type Sought, type WaitingOperation } from "../../main/plan/replay.ts";
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
const whereabouts = (sought: readonly Sought[], seen: readonly Seen[]) => [...recogniseAll(sought, seen).values()];
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

test("what failed goes last and in smaller company, until it goes alone", () => {
  const many = (count: number, tries: number, from: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...operations([flag("seen", true)])[0],
      id: from + index,
      placementId: from + index,
      uid: from + index,
      tries,
    })) as WaitingOperation[];
  const sizes = planReplay([...many(2, 3, 1), ...many(60, 1, 100), ...many(7, 2, 300), ...many(501, 0, 1000)]).map((step) =>
    step.kind === "settled" ? 0 : step.items.length,
  );
  expect(sizes).toEqual([500, 1, 50, 10, 5, 2, 1, 1]);
});

test("a message whose number is not known yet waits", () => {
  expect(planReplay(operations([flag("seen", true), move(TRASH)], { uid: null }))).toEqual([]);
});

test("a move that may have happened before the crash is looked for, and what came after it waits", () => {
  const [first, second] = operations([move(ARCHIVE), flag("seen", true)]);
  const steps = planReplay([{ ...(first as WaitingOperation), state: "attempted" }, second as WaitingOperation]);
  expect(steps).toEqual([{ kind: "look", folderId: INBOX, toFolderId: ARCHIVE, items: [{ placementId: 10, uid: 5, ids: [1] }] }]);
});

test("nothing goes into a folder before what may have arrived there was looked for", () => {
  const asked = operations([move(ARCHIVE)], { state: "attempted", tries: 1 });
  const others = [move(ARCHIVE), move(TRASH), { kind: "copy", toFolderId: ARCHIVE, fromId: 99 } as const].flatMap((change, index) =>
    operations([change], { id: index + 2, placementId: index + 11, source: "here" }),
  );
  expect(planReplay([...asked, ...others])).toMatchObject([
    { kind: "move", toFolderId: TRASH },
    { kind: "look", toFolderId: ARCHIVE },
  ]);
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

describe("mail between accounts", () => {
  const copy = { kind: "copy", toFolderId: ARCHIVE, fromId: 99, across: "move" } as const;
  const leave: ReplayChange = { kind: "leave", toFolderId: ARCHIVE };
  const kinds = (changes: readonly ReplayChange[], more: Partial<WaitingOperation>) =>
    planReplay(operations(changes, more)).map((step) => [step.kind, step.kind === "settled" ? step.ids : step.items.map(({ ids }) => ids)]);

  test("a copy is appended when its bytes are here, looked for when it was sent; its bytes are asked for once, and waited for; what was done to it waits for its number", () => {
    const made = { uid: null, folderId: ARCHIVE } as const;
    expect(kinds([copy, flag("seen", true)], { ...made, source: "here" })).toEqual([["append", [[1]]]]);
    expect(kinds([copy], { ...made, source: "here", state: "attempted" })).toEqual([["look-copy", [[1]]]]);
    expect(kinds([copy, flag("seen", true)], { ...made, source: "unasked" })).toEqual([["ask", [[1]]]]);
    expect(kinds([copy], { ...made, source: "unnumbered" })).toEqual([]);
    expect(kinds([copy], { ...made, source: "gone" })).toEqual([["restore", [[1]]]]);
    expect(kinds([copy, leave], { ...made, source: "here" })).toEqual([["settled", [1, 2]]]);
  });

  test("each append is a step of its own", () => {
    const many = [1, 2, 3].map(
      (id) =>
        ({ ...operations([{ ...copy, fromId: 90 + id }], { uid: null, source: "here" })[0], id, placementId: id }) as WaitingOperation,
    );
    expect(planReplay(many).map(({ kind }) => kind)).toEqual(["append", "append", "append"]);
  });

  test("an original that leaves says nothing of what was done to it before; sent before, it is settled though it has no number", () => {
    expect(kinds([flag("seen", true), move(TRASH), leave], {})).toEqual([["leave", [[1, 2, 3]]]]);
    expect(kinds([leave], { uid: null })).toEqual([]);
    expect(kinds([leave], { uid: null, state: "attempted" })).toEqual([["leave", [[1]]]]);
  });
});

describe("a copy that may have been made", () => {
  const sought = { messageIdHeader: "a@example.test", sizeBytes: 100, emailId: null };
  test("is known by Message-ID and size", () => {
    const seen = [
      { uid: 7, sizeBytes: 100, messageIdHeaders: ["other@example.test"] },
      { uid: 8, sizeBytes: 100, messageIdHeaders: ["a@example.test"] },
    ];
    expect(whereabouts([sought], seen)[0]).toBe(8);
  });
  test("is not taken for another one, and one of the same Message-ID and another size is doubtful", () => {
    expect(whereabouts([sought], [{ uid: 8, sizeBytes: 100, messageIdHeaders: ["b@example.test"] }])).toEqual([null]);
    expect(whereabouts([sought], [{ uid: 8, sizeBytes: 101, messageIdHeaders: ["a@example.test"] }])).toEqual(["ambiguous"]);
  });
  test("is one of several equal ones that were sent together", () => {
    const twins = [9, 8].map((uid) => ({ uid, sizeBytes: 100, messageIdHeaders: ["a@example.test"] }));
    expect(whereabouts([sought, { ...sought }], twins)).toEqual([8, 9]);
    expect(whereabouts([sought, { ...sought }], twins.slice(1))).toEqual([8, null]);
  });
  test("is not guessed when two fit", () => {
    const twins = [1, 2].map((uid) => ({ uid, sizeBytes: 100, messageIdHeaders: ["a@example.test"] }));
    expect(whereabouts([sought], twins)).toEqual(["ambiguous"]);
  });
  test("is known by the server's own identity before anything else", () => {
    const twins = [1, 2].map((uid) => ({ uid, sizeBytes: 100, messageIdHeaders: ["a@example.test"], emailId: `E${uid}` }));
    expect(whereabouts([{ ...sought, emailId: "E2" }], twins)).toEqual([2]);
  });
});

const label = (folderId: number, on: boolean): ReplayChange => ({ kind: "label", folderId, on });

test("a label goes out after flags and before the move to Trash", () => {
  const steps = planReplay(operations([label(30, true), move(TRASH), flag("seen", true)], { labels: [] }));
  expect(steps.map((step) => step.kind)).toEqual(["flag", "label", "move"]);
  expect(steps[1]).toEqual({
    kind: "label",
    folderId: INBOX,
    labelFolderId: 30,
    on: true,
    items: [{ placementId: 10, uid: 5, ids: [1] }],
  });
});

test("a label put on and taken off again sends nothing", () => {
  expect(planReplay(operations([label(31, true), label(31, false)], { labels: [30] }))).toEqual([{ kind: "settled", ids: [1, 2] }]);
});

test("what comes back from Trash gets its label once it is in All Mail; without a way back the label is dropped", () => {
  const back = planReplay(operations([move(ARCHIVE), label(30, true)], { labels: null, folderId: TRASH }));
  expect(back.map(({ kind }) => kind)).toEqual(["move"]);
  expect(planReplay(operations([label(30, true)], { labels: null, folderId: TRASH }))).toEqual([{ kind: "settled", ids: [1] }]);
});

describe("a copy", () => {
  const SOURCE = { folderId: INBOX, uid: 5 } as const;
  const copyOf = (id: number, more: Partial<WaitingOperation> = {}): WaitingOperation => ({
    id,
    placementId: 11,
    state: "pending",
    folderId: ARCHIVE,
    uid: null,
    flags: 0,
    change: { kind: "copy", toFolderId: ARCHIVE, fromId: 10 },
    source: SOURCE,
    ...more,
  });
  const at = (id: number, change: ReplayChange, more: Partial<WaitingOperation> = {}): WaitingOperation =>
    operations([change], { ...more, id })[0] as WaitingOperation;

  test("is made with what was done to its original before, and before what was done to it later", () => {
    const all = [at(1, flag("seen", true)), copyOf(2), at(3, flag("flagged", true)), at(4, move(TRASH))];
    expect(planReplay(all)).toMatchObject([
      { kind: "flag", flag: "seen" },
      { kind: "copy", folderId: INBOX, toFolderId: ARCHIVE, items: [{ placementId: 11, uid: 5, ids: [2] }] },
    ]);
    expect(planReplay(all.slice(2)).map(({ kind }) => kind)).toEqual(["flag", "move"]);
  });

  test("is made before its original leaves its place, however often it was tried", () => {
    const all = [at(1, move(TRASH)), at(2, flag("seen", true)), copyOf(3, { tries: 2 })];
    expect(planReplay(all).map(({ kind }) => kind)).toEqual(["flag", "copy"]);
  });

  test("that may have been made is looked for, and its original waits", () => {
    expect(planReplay([copyOf(1, { state: "attempted" }), at(2, move(TRASH))])).toEqual([
      { kind: "look-copy", folderId: ARCHIVE, items: [{ placementId: 11, uid: 0, ids: [1] }] },
    ]);
  });

  test("is made after the one that was asked for before, so that two are never taken for each other", () => {
    expect(planReplay([copyOf(1), copyOf(2, { placementId: 12 })])).toHaveLength(1);
  });

  test("whose original is gone is made from its bytes; one whose original has no number yet waits", () => {
    expect(planReplay([copyOf(1, { source: "gone" })])).toMatchObject([{ kind: "restore", folderId: ARCHIVE }]);
    expect(planReplay([copyOf(1, { source: "unnumbered" })])).toEqual([]);
  });

  test("that was deleted for good before it was made is never made", () => {
    expect(planReplay([copyOf(1), at(2, { kind: "expunge" }, { placementId: 11, uid: null })])).toEqual([{ kind: "settled", ids: [1, 2] }]);
  });
});
