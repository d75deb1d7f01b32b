import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLog } from "../../main/log.ts";
import { writeFolderList } from "../../main/store/folder-list.ts";
import { readFolders, writeFolderState } from "../../main/store/folders.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import type { AccountWork } from "../../main/sync/account-work.ts";
import { ByteGate } from "../../main/sync/byte-gate.ts";
import { CommitPace } from "../../main/sync/commit-pace.ts";
import { Governor } from "../../main/sync/governor.ts";
import { JobBoard, type ReadyJob } from "../../main/sync/job-board.ts";
import { LineSpeed } from "../../main/sync/line-speed.ts";
import { AccountRoom } from "../../main/sync/room.ts";
import { RoundWatch } from "../../main/sync/round-watch.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { bodyOf, header, MINUTE, newAccount, newProfile, type Profile, START } from "../store/mailbox.ts";

const FOLDERS = 20;
const IN_EACH = 60;

let profile: Profile;
let account: AccountId;
let folders: FolderId[];

/** Twenty folders whose headers are all here and no bodies, the newest in each other folder in turn. */
beforeEach(() => {
  profile = newProfile();
  account = newAccount(profile.store);
  const paths = Array.from({ length: FOLDERS }, (_, at) => `Folder ${at}`);
  writeFolderList(
    profile.store,
    account,
    paths.map((path) => ({
      path,
      delimiter: "/",
      name: path,
      parentPath: null,
      role: "none",
      canSelect: true,
      canWrite: true,
      subscribed: true,
    })),
  );
  folders = readFolders(profile.store, account).map(({ id }) => id);
  for (const [at, id] of folders.entries()) {
    const rows = Array.from({ length: IN_EACH }, (_, row) => {
      const uid = row + 1;
      return header({ uid, id: `m${at}-${uid}@example.test`, at: START - (uid * FOLDERS + at) * MINUTE });
    });
    ingestHeaders(profile.store, id, 1, rows);
    writeFolderState(profile.store, id, { uidValidity: 1, headersDownTo: 1 });
  }
});
afterEach(() => profile.remove());

function newBoard(): JobBoard {
  const { store } = profile;
  const timers = { after: () => () => undefined };
  const governor = new Governor({
    store,
    accountId: account,
    protocol: "imap",
    log: silentLog,
    clock: () => START,
    timers,
    onResume: () => {},
  });
  const speed = new LineSpeed(() => START);
  const work: AccountWork = {
    accountId: account,
    store,
    log: silentLog,
    clock: () => START,
    parsePool: {
      prepare: () => undefined,
      memoryFor: () => new Uint8Array(),
      arrive: () => Promise.reject(new Error("nothing arrives")),
      arriveOutline: () => Promise.reject(new Error("nothing arrives")),
      again: () => Promise.reject(new Error("nothing is here")),
    },
    arrivalHints: () => ({ likely: [], senders: new Map() }),
    gate: new ByteGate(1),
    speed,
    pace: new CommitPace(),
    round: new RoundWatch({ clock: () => 0, pause: () => null, onRound: () => undefined }),
    governor,
    room: new AccountRoom({ store, accountId: account }, false),
    onIndexText: undefined,
    progressed: () => {},
  };
  // A line that is known, or the first bodies would be fetched to learn how fast it is.
  speed.begin();
  speed.arrived(1_000_000);
  speed.end();
  const board = new JobBoard(work);
  const round = board.take("work");
  if (round?.kind !== "round") throw new Error("a round comes first");
  board.done(round);
  return board;
}

function nextBodies(board: JobBoard): Extract<ReadyJob, { kind: "bodies" }> | null {
  for (;;) {
    const job = board.take("work");
    if (job === null) return null;
    if (job.kind === "bodies") return job;
    board.done(job);
  }
}

function arrived({ folder, wanted }: Extract<ReadyJob, { kind: "bodies" }>): void {
  ingestBodies(
    profile.store,
    wanted.map(({ placementId, uid }) => {
      const row = header({ uid, id: `${folder.path}-${uid}@example.test` });
      return { placementId, body: bodyOf(row, (folder.id * 1000 + uid).toString(16).padStart(64, "0")) };
    }),
  );
}

/** How often single rows are read while `work` runs. */
function rowsRead(work: () => void): number {
  const { db } = profile.store;
  const read = db.get.bind(db);
  let count = 0;
  db.get = (statement, params) => {
    count += 1;
    return read(statement, params);
  };
  work();
  db.get = read;
  return count;
}

test("every body is wanted once, and what is missing is not listed again for each batch of them", () => {
  const board = newBoard();
  const seen = new Set<number>();
  let batches = 0;
  const read = rowsRead(() => {
    for (let job = nextBodies(board); job !== null; job = nextBodies(board)) {
      batches += 1;
      for (const { placementId } of job.wanted) {
        expect(seen.has(placementId)).toBe(false);
        seen.add(placementId);
      }
      board.done(job);
      // Not taken in: what is counted here is asking, and those that came are known by `seen`.
      if (seen.size === FOLDERS * IN_EACH) return;
    }
  });
  expect(seen.size).toBe(FOLDERS * IN_EACH);
  expect(batches).toBeGreaterThanOrEqual(FOLDERS);
  expect(read).toBeLessThan(FOLDERS * IN_EACH * 4);
});

test("what came or went since the list was made is not fetched, and what is new comes first", () => {
  const board = newBoard();
  const first = nextBodies(board);
  if (first === null) throw new Error("nothing is wanted");
  board.done(first);
  const second = nextBodies(board);
  if (second === null) throw new Error("nothing more is wanted");
  arrived(second);
  board.done(second);
  const third = nextBodies(board);
  if (third === null) throw new Error("nothing more is wanted");
  expect(third.folder.id).not.toBe(second.folder.id);
  board.done(third);
  const [inbox] = folders;
  if (inbox === undefined) throw new Error("no folder");
  ingestHeaders(profile.store, inbox, 1, [header({ uid: 1000, id: "new@example.test", at: START })]);
  board.wantFolder(inbox, false);
  expect(nextBodies(board)?.wanted[0]).toMatchObject({ folderId: inbox, uid: 1000 });
});
