import { expect, test } from "vitest";
import { ALL_MAIL, isLabel, overlayLabels, planRelabel } from "../../main/plan/labels.ts";
import type { FolderId } from "../../shared/ids.ts";

const ALL = 1 as FolderId;
const INBOX = 2 as FolderId;
const WORK = 3 as FolderId;
const SENT = 4 as FolderId;
const TRASH = 5 as FolderId;

test("All Mail is a mailbox, Trash is an ordinary one, everything else is a label", () => {
  expect([ALL_MAIL, null, "\\Inbox", "Work"].map((label) => isLabel({ label }))).toEqual([false, false, true, true]);
});

test("labels that are shown are the server's with what was done here on top", () => {
  const shown = overlayLabels(
    [INBOX, SENT],
    [
      { kind: "label", folderId: WORK, on: true },
      { kind: "flag", flag: "seen", on: true },
      { kind: "label", folderId: INBOX, on: false },
    ],
  );
  expect([...shown].sort()).toEqual([WORK, SENT]);
});

test("moving from a label to another puts the new one on before the old one goes", () => {
  expect(planRelabel({ liesIn: ALL, labels: new Set([INBOX]) }, ALL, WORK, { id: INBOX, label: "\\Inbox" })).toEqual([
    { kind: "label", folderId: WORK, on: true },
    { kind: "label", folderId: INBOX, on: false },
  ]);
});

test("what Gmail itself labelled keeps that label, and nothing is put on twice", () => {
  expect(planRelabel({ liesIn: ALL, labels: new Set([SENT, WORK]) }, ALL, WORK, { id: SENT, label: "\\Sent" })).toEqual([]);
});

test("from Trash a message goes to All Mail before it gets a label", () => {
  expect(planRelabel({ liesIn: TRASH, labels: new Set() }, ALL, INBOX, undefined)).toEqual([
    { kind: "move", toFolderId: ALL },
    { kind: "label", folderId: INBOX, on: true },
  ]);
});
