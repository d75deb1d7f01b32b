import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import { makeCertificates } from "../servers/certificates.ts";
import { type Pop3Options, ScriptedPop3 } from "../servers/pop3.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { codeOf, messageOf, sessionOn } from "./support.ts";

type Pem = { cert: string; key: string; ca: string };
let folder: string;
let good: Pem;
let expired: Pem;
let otherName: Pem;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-pop3-tls-"));
  const made = (name: string, options: Parameters<typeof makeCertificates>[1] = {}): Pem => {
    const { cert, key, ca } = makeCertificates(join(folder, name), options);
    return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8"), ca: readFileSync(ca, "utf8") };
  };
  good = made("good");
  expired = made("expired", { days: -1 });
  otherName = made("other", { altNames: "DNS:other.example.test" });
});
afterAll(() => rmSync(folder, { recursive: true }));

let server: ScriptedPop3 | null = null;
afterEach(async () => {
  await server?.stop();
  server = null;
});

async function serve(options: Pop3Options): Promise<ScriptedPop3> {
  server = await ScriptedPop3.start(options);
  return server;
}
const at = (port: number, security: ServerSettings["security"]): ServerSettings => ({
  host: "127.0.0.1",
  port,
  security,
  user: "user1@example.test",
});

test("TLS from the first byte", async () => {
  const { port, commands } = await serve({ tls: good, implicit: true });
  server?.deliver(sampleMail("over-tls", 2));
  const session = await sessionOn(port, { server: at(port, "tls"), ca: good.ca });
  expect((await messageOf(session, 1)).toString()).toBe(sampleMail("over-tls", 2));
  await session.quit();
  expect(commands).not.toContain("STLS");
});

test("STLS comes before everything else, and what the server offers is asked after it", async () => {
  const { port, commands } = await serve({
    tls: good,
    // Whoever sits on the line would like a password in MD5.
    greeting: "+OK <1.2@example.test>",
    capabilities: (secure) => (secure ? ["USER", "SASL PLAIN", "TOP", "UIDL"] : ["UIDL"]),
  });
  const session = await sessionOn(port, { server: at(port, "starttls"), ca: good.ca });
  await session.quit();
  expect(commands.slice(0, 3).map((line) => line.slice(0, 10))).toEqual(["STLS", "CAPA", "AUTH PLAIN"]);
});

test("a server without STLS hears no name and no password", async () => {
  const { port, commands } = await serve({});
  expect(await codeOf(sessionOn(port, { server: at(port, "starttls") }))).toBe("starttls-missing");
  expect(commands).toEqual(["STLS"]);
});

test("APOP is not used with a timestamp from before TLS", async () => {
  const { port, commands } = await serve({ tls: good, greeting: "+OK <1.2@example.test>", capabilities: ["SASL XOAUTH2"] });
  expect(await codeOf(sessionOn(port, { server: at(port, "starttls"), ca: good.ca }))).toBe("browser-sign-in-needed");
  expect(commands.join()).not.toContain("APOP");
});

test("answers that were put behind the consent to STLS count for nothing", async () => {
  const { port, commands } = await serve({ tls: good, capabilities: ["USER", "TOP", "UIDL"] });
  // A forged list of what is offered, and a forged yes to the first questions after it.
  const forged = "+OK\r\nSASL XOAUTH2\r\n.\r\n+OK\r\n+OK\r\n";
  const proxy = createServer((client) => {
    const real = server ? connect(server.port, "127.0.0.1") : null;
    if (!real) return;
    let sent = false;
    real.on("data", (chunk: Buffer) => {
      if (sent || !chunk.toString().startsWith("+OK begin TLS")) return void client.write(chunk);
      sent = true;
      client.write(Buffer.concat([chunk, Buffer.from(forged)]));
    });
    client.on("data", (chunk: Buffer) => real.write(chunk));
    for (const socket of [client, real]) socket.on("error", () => socket.destroy());
    client.on("close", () => real.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  const proxied = typeof address === "object" && address ? address.port : 0;
  const session = await sessionOn(port, { server: at(proxied, "starttls"), ca: good.ca });
  expect([...session.capabilities.sasl]).toEqual([]);
  await session.quit();
  expect(commands.slice(0, 4)).toEqual(["STLS", "CAPA", "USER user1@example.test", "PASS secret-user1"]);
  await new Promise((resolve) => proxy.close(resolve));
});

test.each(["tls", "starttls"] as const)("a certificate that is not good is not trusted (%s)", async (security) => {
  const implicit = security === "tls";
  for (const [pem, ca, code] of [
    [expired, expired.ca, "certificate-expired"],
    [otherName, otherName.ca, "certificate-wrong-name"],
    [good, undefined, "certificate-unknown-issuer"],
  ] as const) {
    const { port, commands } = await serve({ tls: pem, implicit });
    expect(await codeOf(sessionOn(port, { server: at(port, security), ca }))).toBe(code);
    expect(commands.filter((line) => line !== "STLS")).toEqual([]);
    await server?.stop();
  }
});

test("TLS 1.1 is too old", async () => {
  const old = createTlsServer({ ...good, minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }, (socket) =>
    socket.destroy(),
  );
  old.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => old.listen(0, "127.0.0.1", resolve));
  const address = old.address();
  const port = typeof address === "object" && address ? address.port : 0;
  expect(await codeOf(sessionOn(port, { server: at(port, "tls"), ca: good.ca }))).toBe("tls-too-old");
  await new Promise((resolve) => old.close(resolve));
});
