import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeAccount } from "../../main/store/accounts.ts";
import { openOrRescue } from "../../main/store/open-or-rescue.ts";
import { readOpenOutbox } from "../../main/store/outbox.ts";
import { writeSpare } from "../../main/store/spare.ts";
import type { OutboxId } from "../../shared/ids.ts";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { type Desk, openDesk } from "./support.ts";

let server: FaultySmtp;
let desk: Desk;
let left: string;
beforeEach(async () => {
  server = await FaultySmtp.start();
  desk = await openDesk(server.port, { undoSeconds: () => 6, findInSent: async () => null });
  left = mkdtempSync(join(tmpdir(), "satchel-left-"));
});
afterEach(async () => {
  await desk.close();
  await server.stop();
  rmSync(left, { recursive: true });
});

const keepSpare = (): void => writeSpare(desk.store.db.connection, desk.profileDir);

/** What the next start makes of the profile as a kill at this moment leaves it. */
async function afterKill(): Promise<{ repaired: boolean; open: (readonly [OutboxId, string])[] }> {
  cpSync(desk.profileDir, left, { recursive: true });
  const { store, repaired } = await openOrRescue({ profileDir: left });
  const open = readOpenOutbox(store).map(({ id, state }) => [id, state] as const);
  store.close();
  return { repaired, open };
}

/** Comes to where the message is held, or nobody knows of it. */
async function after(reply: string | null): Promise<OutboxId> {
  server.fault("end", reply === null ? { kind: "drop" } : { kind: "say", line: reply });
  const id = await desk.send();
  desk.time.pass(6000);
  await desk.until(() => desk.item(id).state === (reply === null ? "unknown" : "held"));
  return id;
}

// The spare copy is some seconds older than the store. What the user has done since is no damage.
test.each<[string, () => Promise<OutboxId>, (id: OutboxId) => unknown, string[]]>([
  ["undone", () => desk.send(), (id) => desk.outbox.edit(id), []],
  ["cancelled and put away", () => desk.send(), (id) => desk.outbox.cancel(id).then(() => desk.outbox.dismiss(id)), []],
  [
    "gone with its account",
    () => desk.send(),
    async () => desk.outbox.accountGone(desk.account, await removeAccount(desk.store, desk.account)),
    [],
  ],
  [
    "held and tried again",
    () => after("554 5.7.1 no"),
    async (id) => {
      desk.outbox.pause(true);
      await desk.outbox.retry(id);
    },
    ["queued"],
  ],
  [
    "unknown and sent again",
    () => after(null),
    async (id) => {
      desk.outbox.pause(true);
      await desk.outbox.resolve(id, "send-again");
    },
    ["queued"],
  ],
])("a message that was %s just before a kill is so after it, and nothing is taken for damage", async (_, begin, act, states) => {
  const id = await begin();
  keepSpare();
  await act(id);
  const { repaired, open } = await afterKill();
  expect(repaired).toBe(false);
  expect(open.map(([, state]) => state)).toEqual(states);
});

test("a store that is older than its spare copy is damaged: what it would send again is asked about", async () => {
  const id = await desk.send();
  cpSync(desk.profileDir, left, { recursive: true });
  desk.time.pass(6000);
  await desk.until(() => desk.item(id).acceptedAt !== null);
  keepSpare();
  cpSync(join(desk.profileDir, "satchel-spare.db"), join(left, "satchel-spare.db"));
  const { store, repaired } = await openOrRescue({ profileDir: left });
  const open = readOpenOutbox(store).map(({ state }) => state);
  store.close();
  expect(repaired).toBe(true);
  expect(open).toEqual(["unknown"]);
});

test("so is one that never heard of a message that its spare copy has", async () => {
  cpSync(desk.profileDir, left, { recursive: true });
  const id = await desk.send();
  keepSpare();
  cpSync(join(desk.profileDir, "satchel-spare.db"), join(left, "satchel-spare.db"));
  const { store, repaired } = await openOrRescue({ profileDir: left });
  const open = readOpenOutbox(store).map((item) => [item.id, item.state]);
  store.close();
  expect(repaired).toBe(true);
  expect(open).toEqual([[id, "unknown"]]);
});
