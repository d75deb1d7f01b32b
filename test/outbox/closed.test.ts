import { expect, test } from "vitest";
import { eachAtDesk } from "./at-desk.ts";

const here = eachAtDesk(() => ({ undoSeconds: () => 10 }));

/** Whether it has ended; asked without waiting for it. */
function ending(): { ended: boolean; end: Promise<void> } {
  const watched = { ended: false, end: Promise.resolve() };
  watched.end = here.desk.outbox.beforeEnd().then(() => {
    watched.ended = true;
  });
  return watched;
}

test("closed within the seconds of Undo, what was sent goes first, all of it", async () => {
  const ids = [await here.desk.send({ subject: "one" }), await here.desk.send({ subject: "two" })];
  expect(here.server.connections).toBe(0);
  await here.desk.outbox.beforeEnd();
  expect(here.server.received.length).toBe(2);
  for (const id of ids) expect(["accepted", "filed"]).toContain(here.desk.item(id).state);
});

test("what is for later, for many, or cannot go now keeps nobody from closing", async () => {
  const { id, revision } = await here.desk.draft({ subject: "later" });
  await here.desk.outbox.send(id, revision, { sendAt: here.desk.time.now + 3_600_000 });
  await here.desk.outbox.beforeEnd();
  expect(here.server.connections).toBe(0);

  here.desk.outbox.pause(true);
  const paused = await here.desk.send({ subject: "paused" });
  await here.desk.outbox.beforeEnd();
  expect(here.desk.item(paused).state).toBe("queued");
  here.desk.outbox.pause(false);
  await here.desk.until(() => here.desk.item(paused).state === "filed");
});

test("a server that is not there keeps nobody from closing", async () => {
  here.server.fault("greeting", { kind: "drop" }, { times: 9 });
  const down = await here.desk.send({ subject: "down" });
  await here.desk.outbox.beforeEnd();
  expect(here.desk.item(down)).toMatchObject({ state: "queued", attempts: 0, failure: { kind: "offline" } });
});

test("a server that hangs is not waited for longer than a moment, and its message waits for the next start", async () => {
  here.server.fault("data", { kind: "hang" });
  const reached = here.server.reached("data");
  const id = await here.desk.send();
  const watched = ending();
  await reached;
  expect(watched.ended).toBe(false);
  here.desk.time.pass(4000);
  await watched.end;
  expect(here.desk.item(id).state).toBe("sending");
  await here.reopen({}, true);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(here.server.received.length).toBe(1);
});
