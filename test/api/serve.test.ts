import { expect, test } from "vitest";
import { event, type Handlers, serve } from "../../main/api/serve.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { createLog } from "../../main/log.ts";
import { DEFAULT_SETTINGS } from "../../shared/contract/settings.ts";
import { requests } from "../../shared/contract/table.ts";
import { Failure } from "../../shared/failure.ts";
import type { WireEvent } from "../../shared/wire.ts";
import { Line } from "../support/line.ts";

/** A line to these handlers; whatever else is asked is a mistake of the test. */
function window(known: Partial<Handlers> = {}) {
  const unexpected = Object.fromEntries(Object.keys(requests).map((name) => [name, () => Promise.reject(new Error(`${name} was called`))]));
  const lines: string[] = [];
  const log = createLog({ sinks: [(line) => lines.push(line)], level: "debug", clock: () => 0 });
  const listeners = new Set<(event: WireEvent) => void>();
  const subscribe = (listener: (event: WireEvent) => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const [mine, theirs] = inProcessPorts();
  serve(theirs, { ...unexpected, ...known } as unknown as Handlers, subscribe, log);
  return { port: mine, line: new Line(mine), listeners, log: () => lines.join("\n") };
}

test("a request that the contract does not know is refused by name", async () => {
  const { line } = window();
  const asked = line.raw({ method: "mail.readEverything", input: {}, correlation: "c" });
  await expect(asked).rejects.toMatchObject({ code: "unknown-request", params: { method: "mail.readEverything" } });
});

test.each(["__proto__", "constructor", "toString", "hasOwnProperty", ""])(
  "a request is not found among what every object has: %j",
  async (method) => {
    const { line } = window();
    await expect(line.raw({ method, input: {}, correlation: "c" })).rejects.toMatchObject({ code: "unknown-request" });
  },
);

test("invalid input names the field, and no handler sees it", async () => {
  const { line } = window();
  const server = { host: "imap.example.test", port: 993, security: "tls", user: "user1@example.test" };
  const input = {
    address: "user1@example.test",
    accountName: "",
    personName: "",
    settings: { protocol: "imap", incoming: { ...server, port: 99_999 }, outgoing: server },
    credential: { kind: "password", password: "secret-of-mine" },
  };
  const asked = line.raw({ method: "accounts.add", input, correlation: "c" });
  await expect(asked).rejects.toMatchObject({
    code: "invalid-input",
    kind: "invalid",
    params: { field: "settings.incoming.port", problem: "too_big" },
  });
});

test.each([undefined, null, "a string", [], { on: "yes" }])("input of the wrong shape is refused: %j", async (input) => {
  const { line } = window();
  await expect(line.raw({ method: "health.workOffline", input, correlation: "c" })).rejects.toMatchObject({ code: "invalid-input" });
});

test("fields that the contract does not know do not reach the handler", async () => {
  const seen: unknown[] = [];
  const { line } = window({
    "health.workOffline": (input) => {
      seen.push(input);
      return {};
    },
  });
  await line.raw({ method: "health.workOffline", input: { on: true, path: "/etc/passwd" }, correlation: "c" });
  expect(seen).toEqual([{ on: true }]);
});

test("a bug answers that it is one and nothing of its cause; the log has the cause", async () => {
  const { line, log } = window({
    "settings.read": () => {
      throw new TypeError("SELECT secret FROM /home/user1/mail.db");
    },
  });
  const failure = await line.raw({ method: "settings.read", input: {}, correlation: "click-7" }).then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Failure);
  expect((failure as Failure).data()).toEqual({ kind: "bug", code: "bug", params: {} });
  expect(log()).toContain("SELECT secret");
  expect(log()).toContain("click-7");
});

test("a failure crosses with its words and parameters, and without a stack", async () => {
  const { line } = window({
    "settings.read": () =>
      Promise.reject(new Failure("over-quota", { params: { used: 5 }, serverWords: "Mailbox is full", cause: new Error("inner") })),
  });
  const failure = await line.ask("settings.read", {}).catch((error: unknown) => error);
  expect((failure as Failure).data()).toEqual({ kind: "refused", code: "over-quota", params: { used: 5 }, serverWords: "Mailbox is full" });
});

test("requests run side by side, and one that fails takes none along", async () => {
  const slow = Promise.withResolvers<typeof DEFAULT_SETTINGS>();
  const { line } = window({ "settings.read": () => slow.promise, "health.syncNow": () => ({}) });
  const first = line.ask("settings.read", {});
  await expect(line.raw({ method: "nonsense", input: {}, correlation: "c" })).rejects.toMatchObject({ code: "unknown-request" });
  await line.ask("health.syncNow", {});
  slow.resolve(DEFAULT_SETTINGS);
  expect(await first).toEqual(DEFAULT_SETTINGS);
});

test("what is no request at all is let lie", async () => {
  const { port, line, log } = window({ "health.syncNow": () => ({}) });
  for (const message of [null, 7, "text", [], { id: "one" }, { id: 1, method: "health.syncNow", input: {}, correlation: "x".repeat(65) }])
    port.post(message);
  expect(await line.ask("health.syncNow", {})).toEqual({});
  expect(log().match(/request-not-understood/gu)).toHaveLength(6);
});

test("a window hears events until its line closes", async () => {
  const { line, listeners } = window({ "health.syncNow": () => ({}) });
  for (const listener of listeners) listener(event("health.changed", { revision: 3 }));
  await line.ask("health.syncNow", {});
  expect(line.events).toEqual([{ event: "health.changed", data: { revision: 3 } }]);
  line.close();
  await line.closed;
  await expect.poll(() => listeners.size).toBe(0);
});
