import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lookAt } from "../../main/line/look.ts";
import { fingerprintOf, trustFor } from "../../main/line/trust.ts";
import { openSession as openSmtp } from "../../main/smtp/session.ts";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import type { Spoken } from "../../shared/contract/certificates.ts";
import { asFailure, type Failure } from "../../shared/failure.ts";
import { sessionOn } from "../pop3/support.ts";
import { makeCertificates } from "../servers/certificates.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { sessionTo } from "../support/imap-session.ts";

const missing = mailServersAvailable();
type Pin = NonNullable<ServerSettings["pinned"]>;
const pinOf = (pem: string): Pin => ({ pem, sha256: fingerprintOf(new X509Certificate(pem)) });

/** The servers' certificate is signed by an authority that this computer does not know, for localhost and 127.0.0.1. */
describe.skipIf(missing !== null)("a certificate that was pinned for a server", () => {
  let servers: RealServers;
  let own: Pin;
  let authority: Pin;
  let another: Pin;
  beforeAll(async () => {
    servers = await startMailServers();
    own = pinOf(readFileSync(join(servers.folder, "tls/cert.pem"), "utf8"));
    authority = pinOf(readFileSync(servers.ca, "utf8"));
    another = pinOf(readFileSync(makeCertificates(join(servers.folder, "another")).cert, "utf8"));
  }, 60_000);
  afterAll(() => servers?.stop());

  const LINES = [
    ["imap", "imaps", "tls"],
    ["imap", "imap", "starttls"],
    ["pop3", "pop3s", "tls"],
    ["pop3", "pop3", "starttls"],
    ["smtp", "smtps", "tls"],
    ["smtp", "smtp", "starttls"],
  ] as const;

  type Line = readonly [Spoken, (typeof LINES)[number][1], "tls" | "starttls"];
  const serverOf = ([, port, security]: Line, pinned?: Pin): ServerSettings => ({
    // Another name than the certificate bears would be refused, were it not pinned.
    host: "127.0.0.1",
    port: servers.ports[port],
    security,
    user: "user1@example.test",
    ...(pinned === undefined ? {} : { pinned }),
  });

  /** Signs in and out again; null when that went through. */
  async function opened(line: Line, pinned?: Pin, ca?: string): Promise<Failure | null> {
    const server = serverOf(line, pinned);
    try {
      if (line[0] === "imap") await (await sessionTo(server, ca === undefined ? {} : { ca })).end();
      else if (line[0] === "pop3") await (await sessionOn(0, { server, ca })).end();
      else (await openSmtp({ server, credential: { kind: "password", password: "secret-user1" }, trust: ca })).close();
      return null;
    } catch (error) {
      return asFailure(error);
    }
  }

  test.each(LINES)("%s on %s: is trusted, exactly as it is", async (spoken, port, security) => {
    const line = [spoken, port, security] as const;
    expect((await opened(line))?.code).toBe("certificate-unknown-issuer");
    expect(await opened(line, own)).toBeNull();
  });

  test.each(LINES)("%s on %s: another one stops hard, and both are named", async (spoken, port, security) => {
    const line = [spoken, port, security] as const;
    const failure = await opened(line, another);
    expect(failure).toMatchObject({
      kind: "untrusted",
      code: "certificate-changed",
      params: { host: "127.0.0.1", pinned: another.sha256, seen: own.sha256 },
    });
  });

  test.each(LINES)("%s on %s: what an authority vouches for is no alarm", async (spoken, port, security) => {
    const line = [spoken, port, security] as const;
    expect(await opened(line, another, readFileSync(servers.ca, "utf8"))).toBeNull();
  });

  test.each(LINES)("%s on %s: it vouches for no other one that it has signed", async (spoken, port, security) => {
    const line = [spoken, port, security] as const;
    expect((await opened(line, authority))?.code).toBe("certificate-changed");
  });

  test.each(LINES)("%s on %s can be looked at, good or bad, without a sign-in", async (spoken, port, security) => {
    const line = [spoken, port, security] as const;
    const shown = await lookAt(serverOf(line), spoken);
    expect(shown).toMatchObject({
      sha256: own.sha256,
      issuer: "Satchel test authority",
      trust: "none",
      selfSigned: false,
      wrongName: false,
    });
    expect(shown.names).toEqual(["localhost", "127.0.0.1"]);
    expect(shown.protocol).toMatch(/^TLSv1\.[23]$/u);
    expect(shown.validTo).toBeGreaterThan(Date.now());
    expect((await lookAt(serverOf(line, pinOf(shown.pem)), spoken)).trust).toBe("pinned");
  });

  test("a server without TLS on this port is told from one with a bad certificate", async () => {
    const plain = { ...serverOf(LINES[1]), port: servers.ports.lmtp };
    await expect(lookAt(plain, "smtp")).rejects.toMatchObject({ code: "starttls-missing" });
    await expect(lookAt({ ...plain, port: 1 }, "imap")).rejects.toMatchObject({ code: "connection-refused" });
    await expect(lookAt({ ...plain, security: "plain" }, "imap")).rejects.toMatchObject({ code: "not-supported" });
  });

  test("a pin that is not what it is said to be is refused before any line is opened", () => {
    expect(() => trustFor({ pinned: { ...own, sha256: another.sha256 } })).toThrow("invalid-input");
    expect(() => trustFor({ pinned: { ...own, pem: "no certificate" } })).toThrow("invalid-input");
    expect(trustFor({ pinned: own }).rejectUnauthorized).toBe(true);
  });
});
