import { expect, test } from "vitest";
import { type Board, type BoardFolder, planJob } from "../../main/plan/jobs.ts";

const folder = (id: number, role: string, more: Partial<BoardFolder> = {}): BoardFolder => ({
  id,
  role,
  dirty: false,
  headersDownTo: 1,
  busy: false,
  ...more,
});
const board = (more: Partial<Board> = {}): Board => ({
  operations: false,
  round: false,
  asked: false,
  outlines: false,
  missing: false,
  bytesPerSecond: 1000,
  folders: [folder(1, "trash"), folder(2, "inbox"), folder(3, "none")],
  ...more,
});

test("a message that somebody opened and waits for comes before everything, then what the user did goes out", () => {
  expect(planJob(board({ operations: true, round: true, asked: true }), "work")).toMatchObject({ kind: "bodies", asked: true });
  expect(planJob(board({ operations: true, round: true, asked: true }), "helper")).toMatchObject({ kind: "bodies", asked: true });
  expect(planJob(board({ operations: true, round: true }), "work")).toEqual({ kind: "operations" });
});

test("the inbox is looked at before other folders", () => {
  const dirty = [folder(1, "none", { dirty: true }), folder(2, "inbox", { dirty: true })];
  expect(planJob(board({ folders: dirty }), "work")).toEqual({ kind: "folder", folderId: 2 });
  expect(planJob(board({ folders: [dirty[0] as BoardFolder] }), "work")).toEqual({ kind: "folder", folderId: 1 });
});

test("all lists are completed before the bodies are", () => {
  const half = [folder(1, "none", { headersDownTo: 50 }), folder(2, "inbox")];
  expect(planJob(board({ missing: true, folders: half }), "work")).toEqual({ kind: "older", folderId: 1 });
  expect(planJob(board({ missing: true }), "work")).toMatchObject({ kind: "bodies" });
});

test("a few bodies are fetched first to learn how fast the line is", () => {
  const half = [folder(2, "inbox", { headersDownTo: 50 })];
  expect(planJob(board({ missing: true, bytesPerSecond: null, folders: half }), "work")).toMatchObject({ kind: "bodies", probe: true });
});

test("the helping connection changes nothing and keeps away from folders that are taken", () => {
  const folders = [folder(2, "inbox", { headersDownTo: 50, busy: true }), folder(3, "none", { headersDownTo: 9 })];
  expect(planJob(board({ operations: true, round: true, folders }), "helper")).toEqual({ kind: "older", folderId: 3 });
});

test("with everything here there is nothing to do", () => {
  expect(planJob(board(), "work")).toBeNull();
});
