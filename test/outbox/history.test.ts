import { afterEach, beforeEach, expect, test } from "vitest";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { type Desk, openDesk } from "./support.ts";

let server: FaultySmtp;
let desk: Desk;
beforeEach(async () => {
  server = await FaultySmtp.start();
  desk = await openDesk(server.port);
});
afterEach(async () => {
  await desk.close();
  await server.stop();
});

test("the history of a message that was put off once, and the technical text of it", async () => {
  server.fault("end", { kind: "say", line: "451 4.3.0 come back" });
  const id = await desk.send({ bcc: [{ name: "", address: "c@example.test" }] });
  await desk.until(() => desk.item(id).attempts === 1);
  desk.time.pass(60_000);
  await desk.until(() => desk.item(id).state === "filed");
  const { events, technical } = desk.outbox.timeline(id);
  expect(events.map(({ what }) => what)).toEqual(["begun", "handed-over", "put-off", "begun", "handed-over", "accepted", "filed"]);
  expect(events[2]).toMatchObject({ stage: "finishing", code: "throttled", words: "451 4.3.0 come back" });
  for (const words of [`<${desk.sent[0]?.id}>`, `127.0.0.1:${server.port}`, "<c@example.test> accepted", "451 4.3.0 come back"])
    expect(technical).toContain(words);
  expect(technical).not.toContain("secret");
  // Saved to a file it is what the writer has in Sent, blind copies and all.
  expect((await desk.outbox.source(id)).equals(desk.sent[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
});

test("a kill in between is no gap in the history", async () => {
  desk.outbox.pause(true);
  const id = await desk.send();
  const { profileDir } = desk;
  await desk.close(true);
  desk = await openDesk(server.port, {}, profileDir);
  desk.outbox.pause(false);
  await desk.until(() => desk.item(id).state === "filed");
  expect(desk.outbox.timeline(id).events.map(({ what }) => what)).toEqual(["begun", "handed-over", "accepted", "filed"]);
});

test("duplicated, a message that waits is a draft of its own; one that is gone cannot be", async () => {
  server.fault("end", { kind: "say", line: "550 5.7.1 no" });
  const id = await desk.send({ subject: "Twice" });
  await desk.until(() => desk.item(id).state === "held");
  expect(desk.item(id).canDuplicate).toBe(true);
  const copy = desk.outbox.duplicate(id);
  const draft = desk.composing.open(copy);
  expect(draft.content).toMatchObject({ subject: "Twice", to: [{ address: "b@example.test" }] });
  const { outboxId } = await desk.outbox.send(copy, draft.revision);
  await desk.until(() => desk.item(outboxId).state === "filed");
  expect(desk.item(id).state).toBe("held");
  expect(desk.item(outboxId).canDuplicate).toBe(false);
  expect(() => desk.outbox.duplicate(outboxId)).toThrow(expect.objectContaining({ code: "draft-gone" }));
});
