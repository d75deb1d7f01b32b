import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { silentLog } from "../../main/log.ts";
import { indexText } from "../../main/mime/index-text.ts";
import { NO_WORDS } from "../../main/mime/parse-arrived.ts";
import type { AccountWork } from "../../main/sync/account-work.ts";
import { ByteGate } from "../../main/sync/byte-gate.ts";
import { CommitPace } from "../../main/sync/commit-pace.ts";
import { Governor } from "../../main/sync/governor.ts";
import { LineSpeed } from "../../main/sync/line-speed.ts";
import { AccountRoom } from "../../main/sync/room.ts";
import { RoundWatch } from "../../main/sync/round-watch.ts";
import { Intake } from "../../main/sync/take-in.ts";
import { eachMailbox, type Mailbox } from "../store/each-mailbox.ts";
import { bodyOf, header, START } from "../store/mailbox.ts";

let box: Mailbox;
eachMailbox((made) => {
  box = made;
});

const ARRIVED = 900;
/** What CommitPace allows at most. */
const MOST = 400;

test("what came while the store's log had no room is taken in by transactions as small as ever, each in a turn of its own", async () => {
  const { store } = box.profile;
  const clock = (): number => START;
  const timers = { after: () => () => undefined };
  const noRoom = Promise.withResolvers<void>();
  const rooms = [noRoom.promise];
  let turns = 0;
  let ended = false;
  const taken: { messages: number; turns: number }[] = [];
  const arriving = Array.from({ length: ARRIVED }, (_, at) => bodyOf(header({ uid: at + 1 })));
  const work: AccountWork = {
    accountId: box.account,
    store: { ...store, roomInLog: () => rooms.shift() },
    log: silentLog,
    clock,
    parsePool: {
      prepare: () => undefined,
      memoryFor: () => new Uint8Array(),
      arrive: ({ bytes }) => {
        const body = arriving[bytes.byteLength - 1];
        return body === undefined
          ? Promise.reject(new Error("nothing arrives"))
          : Promise.resolve({ ...body, indexText: indexText(NO_WORDS) });
      },
      arriveOutline: () => Promise.reject(new Error("nothing arrives")),
      again: () => Promise.reject(new Error("nothing is here")),
    },
    arrivalHints: () => ({ likely: [], senders: new Map() }),
    gate: new ByteGate(Number.POSITIVE_INFINITY),
    speed: new LineSpeed(clock),
    pace: new CommitPace(),
    round: new RoundWatch({ clock: () => 0, pause: () => null, onRound: () => undefined }),
    governor: new Governor({ store, accountId: box.account, protocol: "imap", log: silentLog, clock, timers, onResume: () => {} }),
    room: new AccountRoom({ store, accountId: box.account }, false),
    onIndexText: (texts) => void taken.push({ messages: texts.length, turns }),
    progressed: () => {},
  };
  const intake = new Intake(work, { id: box.folders.inbox, uidValidity: 1 });
  for (let uid = 1; uid <= ARRIVED; uid += 1) {
    const { modseq, flags, keywords, emailId, receivedAt } = header({ uid });
    const row = { uid, modseq, flags, keywords: [...keywords], labels: null, emailId, threadId: null, receivedAt };
    await intake.add({ kind: "whole", row }, new Uint8Array(uid));
  }
  await turn();
  expect(taken).toEqual([]);
  const counting = (): void => {
    turns += 1;
    if (!ended) setImmediate(counting);
  };
  counting();
  noRoom.resolve();
  await intake.finish();
  ended = true;
  expect(taken.reduce((sum, { messages }) => sum + messages, 0)).toBe(ARRIVED);
  expect(Math.max(...taken.map(({ messages }) => messages))).toBeLessThanOrEqual(MOST);
  expect(new Set(taken.map((one) => one.turns)).size).toBe(taken.length);
});
