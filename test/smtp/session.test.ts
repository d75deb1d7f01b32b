import { type AddressInfo, createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Failure } from "../../shared/failure.ts";
import { FaultySmtp, type Point } from "../servers/smtp-faults.ts";
import { message, sendOn, sessionOn, source } from "./support.ts";

let server: FaultySmtp;
beforeEach(async () => {
  server = await FaultySmtp.start();
});
afterEach(async () => {
  await server.stop();
});

const TO = ["b@example.test"];
const SHORT = { deadlines: { connect: 300, greeting: 300, command: 300, stall: 300, final: 300 } };

test("a message comes through every stage in order and arrives byte for byte", async () => {
  const session = await sessionOn(server.port);
  const raw = message("whole", 300_000);
  const { outcome, stages, bytes } = await sendOn(session, raw, TO);
  session.close();
  expect(outcome.verdict).toBe("answered");
  expect(outcome.recipients).toEqual([{ address: "b@example.test", state: "accepted", serverWords: "250 2.0.0 taken" }]);
  expect(stages).toEqual(["recipients", "uploading", "finishing", "answered"]);
  expect(bytes).toBe(raw.length);
  expect(server.received[0]?.bytes.equals(raw)).toBe(true);
});

test("many messages share one connection, also after one of them was refused", async () => {
  server.fault("rcpt", { kind: "say", line: "550 5.1.1 nobody" }, { match: /nobody/u, times: 9 });
  const session = await sessionOn(server.port);
  expect((await sendOn(session, message("one"), TO)).outcome.verdict).toBe("answered");
  expect((await sendOn(session, message("two"), ["nobody@example.test"])).outcome.verdict).toBe("permanent");
  expect((await sendOn(session, message("three"), TO)).outcome.verdict).toBe("answered");
  session.close();
  expect(server.connections).toBe(1);
  expect(server.received.length).toBe(2);
  expect(server.commands.filter((line) => line === "RSET").length).toBe(1);
});

test("the end of a message waits until it is released, and never leaves when that fails", async () => {
  const session = await sessionOn(server.port);
  const waiting = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const sent = sendOn(session, message("held-back"), TO, {
    release: async () => {
      asked.resolve();
      await waiting.promise;
    },
  });
  await asked.promise;
  expect(server.received.length).toBe(0);
  waiting.reject(new Error("the disk is full"));
  expect((await sent).outcome.verdict).toBe("retryable");
  expect(server.received.length).toBe(0);
  expect(session.usable).toBe(false);
});

describe("a line lost before the end was released is safe to try again", () => {
  for (const point of ["mail", "rcpt", "data", "upload"] as const satisfies readonly Point[]) {
    for (const kind of ["drop", "hang"] as const) {
      test(`${kind} at ${point}`, async () => {
        server.uploadPoint = 100_000;
        server.fault(point, { kind });
        const session = await sessionOn(server.port, SHORT);
        const { outcome } = await sendOn(session, message("cut", 20_000_000), TO);
        expect(outcome.verdict).toBe("retryable");
        expect(outcome.failure?.kind).toBe("offline");
        expect(session.usable).toBe(false);
        expect(server.received.length).toBe(0);
      });
    }
  }
});

describe("a line lost after the end was released leaves it unknown", () => {
  for (const accept of [true, false]) {
    for (const kind of ["drop", "hang"] as const) {
      test(`${kind}, the server has ${accept ? "" : "not "}taken it`, async () => {
        server.fault("end", { kind, accept });
        const session = await sessionOn(server.port, SHORT);
        const { outcome } = await sendOn(session, message("open"), TO);
        expect(outcome.verdict).toBe("unknown");
      });
    }
  }
  for (const line of ["250", "what now", "999 odd", "354 go on"]) {
    if (line === "250") continue;
    test(`an answer that is none: ${line}`, async () => {
      server.fault("end", { kind: "say", line });
      const { outcome } = await sendOn(await sessionOn(server.port, SHORT), message("open"), TO);
      expect(outcome.verdict).toBe("unknown");
    });
  }
});

describe("an answer after the end is final", () => {
  test.each([
    ["451 4.3.0 later", "retryable", "throttled"],
    ["421 4.3.2 closing", "retryable", "server-unavailable"],
    ["550 5.7.1 no spam", "permanent", "refused-by-server"],
    ["552 5.3.4 too big", "permanent", "message-too-large"],
    ["554 5.6.0 no", "permanent", "refused-by-server"],
  ])("%s is %s", async (line, verdict, code) => {
    server.fault("end", { kind: "say", line });
    const { outcome } = await sendOn(await sessionOn(server.port), message("told"), TO);
    expect(outcome.verdict).toBe(verdict);
    expect(outcome.failure).toMatchObject({ code, serverWords: line });
    expect(server.received.length).toBe(0);
  });
});

test("a 250 in the middle of the upload is not taken for the answer", async () => {
  server.uploadPoint = 100_000;
  server.fault("upload", { kind: "say", line: "250 2.0.0 taken" });
  const waiting = Promise.withResolvers<void>();
  const session = await sessionOn(server.port);
  const { outcome } = await sendOn(session, message("early", 1_000_000), TO, { release: () => waiting.promise });
  waiting.resolve();
  expect(outcome).toMatchObject({ verdict: "retryable", failure: { code: "bad-reply" } });
  expect(session.usable).toBe(false);
  expect(server.received.length).toBe(0);
});

test("refused and deferred recipients are told apart from those who get it", async () => {
  server.fault("rcpt", { kind: "say", line: "550 5.1.1 nobody here" }, { match: /nobody/u });
  server.fault("rcpt", { kind: "say", line: "451 4.7.1 greylisted" }, { match: /later/u });
  const session = await sessionOn(server.port);
  const to = ["b@example.test", "nobody@example.test", "later@example.test"];
  const { outcome, releases } = await sendOn(session, message("some"), to);
  session.close();
  const away = [
    { address: "nobody@example.test", state: "refused", serverWords: "550 5.1.1 nobody here" },
    { address: "later@example.test", state: "deferred", serverWords: "451 4.7.1 greylisted" },
  ];
  expect(outcome.recipients).toEqual([{ address: "b@example.test", state: "accepted", serverWords: "250 2.0.0 taken" }, ...away]);
  expect(releases).toEqual([away]);
  expect(server.received[0]?.to).toEqual(["b@example.test"]);
});

test("who was turned away is known even when the answer to the message never comes", async () => {
  server.fault("rcpt", { kind: "say", line: "550 5.1.1 nobody" }, { match: /nobody/u });
  server.fault("end", { kind: "drop", accept: true });
  const { outcome } = await sendOn(await sessionOn(server.port), message("open"), ["b@example.test", "nobody@example.test"]);
  expect(outcome.verdict).toBe("unknown");
  expect(outcome.recipients).toEqual([{ address: "nobody@example.test", state: "refused", serverWords: "550 5.1.1 nobody" }]);
});

test.each([
  ["mail", "552 5.3.4 too big", "permanent", "message-too-large"],
  ["mail", "550 5.7.1 not you", "permanent", "sender-refused"],
  ["mail", "530 5.7.0 sign in first", "permanent", "no-credential"],
  ["mail", "451 4.7.0 slowly", "retryable", "throttled"],
  ["mail", "432 4.3.2 concurrent connections limit exceeded", "retryable", "too-many-connections"],
  ["rcpt", "552 5.2.2 mailbox full", "permanent", "over-quota"],
  ["rcpt", "452 4.2.2 mailbox full", "retryable", "throttled"],
  ["rcpt", "450 4.2.0 Greylisted, see you", "retryable", "greylisted"],
  ["data", "421 4.3.0 bye", "retryable", "server-unavailable"],
  ["data", "503 5.5.1 bad sequence", "retryable", "bad-reply"],
  ["data", "rubbish", "retryable", "bad-reply"],
] as const)("at %s, %s is %s", async (point, line, verdict, code) => {
  server.fault(point, { kind: "say", line });
  const { outcome } = await sendOn(await sessionOn(server.port), message("said"), TO);
  expect(outcome).toMatchObject({ verdict, failure: { code } });
});

describe("reports of what becomes of a message", () => {
  const asking = async (to: readonly string[], capabilities: string[]): Promise<string[]> => {
    server.capabilities = capabilities;
    const session = await sessionOn(server.port);
    const raw = message("report");
    const hooks = { onStage: () => {}, onBytes: () => {}, release: async () => {} };
    await session.send({ from: "a@example.test", to, source: source(raw), reportId: "id+1@example.test" }, hooks);
    session.close();
    return server.commands.filter((line) => /^(?:MAIL|RCPT)/u.test(line));
  };
  test("are asked for with an id that comes back in them", async () => {
    expect(await asking(TO, ["DSN", "AUTH PLAIN"])).toEqual([
      "MAIL FROM:<a@example.test> RET=HDRS ENVID=id+2B1@example.test",
      "RCPT TO:<b@example.test> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;b@example.test",
    ]);
  });
  test("name each recipient as it was written, which the library cannot", async () => {
    expect((await asking(["b@example.test", "c@example.test"], ["DSN", "AUTH PLAIN"])).slice(1)).toEqual([
      "RCPT TO:<b@example.test> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;b@example.test",
      "RCPT TO:<c@example.test> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;c@example.test",
    ]);
  });
  test("are not asked for where they are not offered", async () => {
    expect(await asking(TO, ["AUTH PLAIN"])).toEqual(["MAIL FROM:<a@example.test>", "RCPT TO:<b@example.test>"]);
  });
});

test("a message above the server's SIZE is refused before anything is sent", async () => {
  server.capabilities = ["SIZE 1000", "AUTH PLAIN"];
  const session = await sessionOn(server.port);
  const { outcome } = await sendOn(session, message("big", 5000), TO);
  expect(outcome).toMatchObject({ verdict: "permanent", failure: { code: "message-too-large", params: { limitBytes: 1000 } } });
  expect(server.commands.some((line) => line.startsWith("MAIL"))).toBe(false);
  session.close();
});

test("stopping breaks the upload off, and nobody has the message", async () => {
  server.uploadPoint = 50_000;
  const session = await sessionOn(server.port);
  const stop = new AbortController();
  const reached = server.reached("upload");
  const waiting = Promise.withResolvers<void>();
  const sent = sendOn(session, message("stopped", 400_000), TO, { signal: stop.signal, release: () => waiting.promise });
  await reached;
  stop.abort();
  expect((await sent).outcome.verdict).toBe("stopped");
  waiting.resolve();
  expect(server.received.length).toBe(0);
});

describe("connecting says what is wrong", () => {
  const failure = async (opening: Promise<unknown>): Promise<string> => {
    try {
      await opening;
      return "no failure";
    } catch (error) {
      return (error as Failure).code;
    }
  };
  test.each([
    ["535 5.7.8 no", "wrong-password"],
    ["535 Login Fail. Please enter your authorization code to login.", "needs-authorization-code"],
    ["534-5.7.9 Application-specific password required.\r\n534 5.7.9 see help", "needs-app-password"],
    ["535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", "browser-sign-in-needed"],
    ["454 4.7.0 Temporary authentication failure", "server-unavailable"],
  ])("sign-in answered with %s", async (line, code) => {
    server.fault("auth", { kind: "say", line });
    expect(await failure(sessionOn(server.port))).toBe(code);
  });
  test("a greeting of 421", async () => {
    server.fault("greeting", { kind: "say", line: "421 4.7.0 too many connections from you" });
    expect(await failure(sessionOn(server.port))).toBe("too-many-connections");
  });
  test("something that is no mail server", async () => {
    server.fault("greeting", { kind: "say", line: "HTTP/1.1 400 Bad Request" });
    expect(await failure(sessionOn(server.port))).toBe("not-a-mail-server");
  });
  test("a server that closes before the greeting", async () => {
    server.fault("greeting", { kind: "drop" });
    expect(await failure(sessionOn(server.port))).toBe("line-closed");
  });
  test("a server that is silent", async () => {
    server.fault("greeting", { kind: "hang" });
    expect(await failure(sessionOn(server.port, SHORT))).toBe("timed-out");
  });
  test("a server that hangs during sign-in", async () => {
    server.fault("auth", { kind: "hang" });
    expect(await failure(sessionOn(server.port, SHORT))).toBe("timed-out");
  });
  test("a line lost during sign-in", async () => {
    server.fault("auth", { kind: "drop" });
    expect(await failure(sessionOn(server.port))).toBe("line-closed");
  });
  test("a port that nobody listens on", async () => {
    const { port } = server;
    await server.stop();
    expect(await failure(sessionOn(port))).toBe("connection-refused");
    server = await FaultySmtp.start();
  });
  test("STARTTLS asked for and not offered: nothing goes over the bare line", async () => {
    const bare = { server: { host: "127.0.0.1", port: server.port, security: "starttls" as const, user: "u" } };
    expect(await failure(sessionOn(server.port, bare))).toBe("starttls-missing");
    expect(server.commands.some((line) => line.startsWith("AUTH"))).toBe(false);
  });
  test("a bare line to another computer is refused", async () => {
    const far = { server: { host: "mail.example.test", port: 25, security: "plain" as const, user: "u" } };
    expect(await failure(sessionOn(server.port, far))).toBe("no-secure-login");
  });
  test("a password where only tokens are taken", async () => {
    server.capabilities = ["AUTH XOAUTH2"];
    expect(await failure(sessionOn(server.port))).toBe("browser-sign-in-needed");
  });
});

describe("what the server offers is used", () => {
  const mailLine = async (capabilities: string[], from: string, to: string): Promise<string | undefined> => {
    server.capabilities = [...capabilities, "AUTH PLAIN"];
    const session = await sessionOn(server.port);
    await session.send(
      { from, to: [to], source: source(message("offered")) },
      { onStage: () => {}, onBytes: () => {}, release: async () => {} },
    );
    session.close();
    return server.commands.find((line) => line.startsWith("MAIL FROM"));
  };

  test("8BITMIME and SIZE, and neither where they are not offered", async () => {
    const offered = await mailLine(["8BITMIME", "SIZE 50000000"], "a@example.test", "b@example.test");
    expect(offered).toContain(" BODY=8BITMIME");
    expect(offered).toMatch(/ SIZE=\d+/u);
    server.commands.length = 0;
    expect(await mailLine([], "a@example.test", "b@example.test")).toBe("MAIL FROM:<a@example.test>");
  });

  test("SMTPUTF8, for addresses that need it and for no others", async () => {
    expect(await mailLine(["SMTPUTF8", "8BITMIME"], "a@example.test", "小明@example.test")).toContain(" SMTPUTF8");
    server.commands.length = 0;
    expect(await mailLine(["SMTPUTF8", "8BITMIME"], "a@example.test", "b@example.test")).not.toContain("SMTPUTF8");
    // A domain has a form that every server takes.
    server.commands.length = 0;
    expect(await mailLine([], "a@example.test", "b@例子.test")).toBe("MAIL FROM:<a@example.test>");
    expect(server.commands).toContain("RCPT TO:<b@xn--fsqu00a.test>");
  });

  test("PIPELINING: sender, recipients and DATA leave together, before any of them is answered", async () => {
    // Answers nothing of the envelope until it has seen all of it; who waits for each answer gets none.
    const seen: string[] = [];
    const patient = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.write("220 patient.example.test ESMTP\r\n");
      socket.on("data", (chunk) => {
        for (const line of chunk.toString("latin1").split("\r\n").filter(Boolean)) {
          if (line.startsWith("EHLO")) socket.write("250-patient.example.test\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n");
          else if (line.startsWith("AUTH")) socket.write("235 2.7.0 ok\r\n");
          else if (/^(?:MAIL|RCPT|DATA)/u.test(line)) seen.push(line);
          else if (line === ".") socket.write("250 2.0.0 taken\r\n");
          if (line === "DATA") socket.write("250 ok\r\n250 ok\r\n250 ok\r\n354 go ahead\r\n");
        }
      });
    });
    await new Promise<void>((resolve) => patient.listen(0, "127.0.0.1", resolve));
    const session = await sessionOn((patient.address() as AddressInfo).port, { deadlines: { command: 5000 } });
    const { outcome } = await sendOn(session, message("pipelined"), ["b@example.test", "c@example.test"]);
    session.close();
    patient.close();
    expect(outcome.verdict).toBe("answered");
    expect(seen.map((line) => line.slice(0, 4))).toEqual(["MAIL", "RCPT", "RCPT", "DATA"]);
  });
});
