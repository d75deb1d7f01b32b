import { expect, test } from "vitest";
import { readOutboxItem } from "../../main/store/outbox.ts";
import { eachAtDesk } from "./at-desk.ts";
import { openDesk } from "./support.ts";

const here = eachAtDesk();

test("the history of a message that was put off once, and the technical text of it", async () => {
  here.server.fault("end", { kind: "say", line: "451 4.3.0 come back" });
  const id = await here.desk.send({ bcc: [{ name: "", address: "c@example.test" }] });
  await here.desk.until(() => here.desk.item(id).attempts === 1);
  here.desk.time.pass(60_000);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  const { events, technical } = here.desk.outbox.timeline(id);
  expect(events.map(({ what }) => what)).toEqual(["begun", "handed-over", "put-off", "begun", "handed-over", "accepted", "filed"]);
  const { port } = here.server;
  expect(events[2]).toMatchObject({
    stage: "finishing",
    code: "throttled",
    params: { host: "127.0.0.1", port },
    words: "451 4.3.0 come back",
  });
  for (const words of [`<${here.desk.sent[0]?.id}>`, `127.0.0.1:${here.server.port}`, "<c@example.test> accepted", "451 4.3.0 come back"])
    expect(technical).toContain(words);
  expect(technical).not.toContain("secret");
  // Saved to a file it is what the writer has in Sent, blind copies and all.
  expect((await here.desk.outbox.source(id)).equals(here.desk.sent[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
});

test("who is turned away is told before the upload has ended", async () => {
  here.server.fault("rcpt", { kind: "say", line: "550 5.1.1 nobody" }, { match: /nobody/u });
  here.server.fault("end", { kind: "hang" });
  const id = await here.desk.send({ cc: [{ name: "", address: "nobody@example.test" }], html: `<p>${"long ".repeat(60_000)}</p>` });
  const states = () => here.desk.item(id).recipients.map(({ state }) => state);
  await here.desk.until(() => here.desk.item(id).stage === "uploading" && states().includes("refused"));
  expect(here.desk.item(id).state).toBe("sending");
  expect(states()).toEqual(["waiting", "refused"]);
  expect(here.desk.item(id).recipients[1]).toMatchObject({ serverWords: "550 5.1.1 nobody", reason: "no-such-address" });
});

test("each line keeps its own reason, whatever the message meets later", async () => {
  here.server.fault("rcpt", { kind: "say", line: "450 4.2.1 busy" }, { match: /later/u });
  const id = await here.desk.send({ cc: [{ name: "", address: "later@example.test" }] });
  await here.desk.until(() => here.desk.item(id).acceptedAt !== null);
  here.desk.time.pass(60_000);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(here.desk.item(id).failure).toBeNull();
  expect(here.desk.outbox.timeline(id).events).toContainEqual(
    expect.objectContaining({ what: "accepted-by-some", code: "throttled", params: { address: "later@example.test" } }),
  );
});

test("a dialogue that stands still is written down where it stands, and broken off there", async () => {
  here.server.fault("auth", { kind: "hang" });
  const id = await here.desk.send();
  const row = () => readOutboxItem(here.desk.store.db, id);
  await expect.poll(() => row()?.stage, { timeout: 10_000 }).toBe("greeted");
  expect(row()?.state).toBe("sending");
  here.desk.outbox.pause(true);
  here.server.dropAll();
  await here.desk.until(() => here.desk.item(id).state === "queued");
});

test("a kill in between is no gap in the history", async () => {
  here.desk.outbox.pause(true);
  const id = await here.desk.send();
  const { profileDir } = here.desk;
  await here.desk.close(true);
  here.desk = await openDesk(here.server.port, {}, profileDir);
  here.desk.outbox.pause(false);
  await here.desk.until(() => here.desk.item(id).state === "filed");
  expect(here.desk.outbox.timeline(id).events.map(({ what }) => what)).toEqual(["begun", "handed-over", "accepted", "filed"]);
});

test("duplicated, a message that waits is a draft of its own; one that is gone cannot be", async () => {
  here.server.fault("end", { kind: "say", line: "550 5.7.1 no" });
  const id = await here.desk.send({ subject: "Twice" });
  await here.desk.until(() => here.desk.item(id).state === "held");
  expect(here.desk.item(id).canDuplicate).toBe(true);
  const copy = here.desk.outbox.duplicate(id);
  const draft = here.desk.composing.open(copy);
  expect(draft.content).toMatchObject({ subject: "Twice", to: [{ address: "b@example.test" }] });
  const { outboxId } = await here.desk.outbox.send(copy, draft.revision);
  await here.desk.until(() => here.desk.item(outboxId).state === "filed");
  expect(here.desk.item(id).state).toBe("held");
  expect(here.desk.item(outboxId).canDuplicate).toBe(false);
  expect(() => here.desk.outbox.duplicate(outboxId)).toThrow(expect.objectContaining({ code: "draft-gone" }));
});
