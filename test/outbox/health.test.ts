import { expect, test } from "vitest";
import { healthStatus } from "../../shared/contract/health.ts";
import { eachAtDesk } from "./at-desk.ts";

const here = eachAtDesk();
/** As the window gets it. */
const health = () => healthStatus.shape.outbox.parse(here.desk.outbox.health());

test("it tells how many wait, since when, and how many wait for the user", async () => {
  expect(health()).toEqual({ waiting: 0, sending: 0, needsUser: 0, oldestAt: null, servers: [] });
  const began = here.desk.time.now;
  here.server.fault("end", { kind: "say", line: "554 5.7.1 no" });
  const held = await here.desk.send();
  await here.desk.until(() => here.desk.item(held).state === "held");
  here.desk.outbox.pause(true);
  here.desk.time.pass(5000);
  await here.desk.send();
  here.desk.time.pass(5000);
  const last = await here.desk.send();
  expect(health()).toMatchObject({ waiting: 2, sending: 0, needsUser: 1, oldestAt: began });
  await here.desk.outbox.cancel(held);
  expect(health()).toMatchObject({ waiting: 2, needsUser: 0, oldestAt: began + 5000 });
  here.desk.outbox.pause(false);
  await here.desk.until(() => here.desk.item(last).state === "filed");
  await here.desk.until(() => health().waiting === 0);
  expect(health()).toMatchObject({ sending: 0, oldestAt: null });
});

test("what is being handed over is told as such", async () => {
  here.server.fault("data", { kind: "hang" });
  const reached = here.server.reached("data");
  await here.desk.send();
  await reached;
  expect(health()).toMatchObject({ waiting: 0, sending: 1 });
});

test("it tells of each server whether it is left alone, until when and why, and when it is tried", async () => {
  here.server.fault("greeting", { kind: "drop" });
  const id = await here.desk.send();
  await here.desk.until(() => health().servers[0]?.breaker === "open");
  const [server] = health().servers;
  expect(server).toMatchObject({ server: `127.0.0.1:${here.server.port}`, failure: { kind: "offline" }, wait: null });
  expect(server?.tryAt).toBeGreaterThan(here.desk.time.now);
  here.server.fault("greeting", { kind: "hang" });
  const reached = here.server.reached("greeting");
  here.desk.time.pass((server?.tryAt ?? 0) - here.desk.time.now);
  await reached;
  expect(health().servers).toMatchObject([{ breaker: "half-open", tryAt: null }]);
  here.server.dropAll();
  await here.desk.until(() => health().servers[0]?.breaker === "open");
  here.desk.outbox.wake();
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(health().servers).toMatchObject([{ breaker: "closed", tryAt: null, failure: null }]);
});

test("it tells the pace that is kept, what went through of late, and what the server wants to be waited for", async () => {
  for (let message = 0; message < 4; message += 1) {
    const id = await here.desk.send();
    await here.desk.until(() => here.desk.item(id).state === "filed");
  }
  expect(health().servers).toMatchObject([{ acceptedLastMinute: 4, acceptedLastDay: 4, messagesAMinute: null, wait: null }]);
  here.server.fault("end", { kind: "say", line: "451 4.7.0 too many messages, slow down" });
  const id = await here.desk.send();
  await here.desk.until(() => here.desk.item(id).failure !== null);
  expect(health().servers).toMatchObject([
    { messagesAMinute: 2, wait: { why: "server", until: here.desk.time.now + 30_000, failure: { code: "throttled" } } },
  ]);
  here.desk.time.pass(60_000);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(health().servers).toMatchObject([{ acceptedLastMinute: 1, acceptedLastDay: 5, wait: { why: "minute" } }]);
});
