import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server as NetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Certificates, makeCertificates } from "../servers/certificates.ts";
import { sessionOn } from "./support.ts";

let folder: string;
let good: Certificates;
let expired: Certificates;
let otherName: Certificates;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-certificates-"));
  good = makeCertificates(join(folder, "good"));
  expired = makeCertificates(join(folder, "expired"), { days: -1 });
  otherName = makeCertificates(join(folder, "other"), { altNames: "DNS:other.example.test" });
});
afterAll(() => rmSync(folder, { recursive: true }));

let server: NetServer | undefined;
afterEach(() => {
  server?.close();
});

async function listening(created: NetServer): Promise<number> {
  server = created;
  await new Promise<void>((resolve) => created.listen(0, "127.0.0.1", resolve));
  const address = created.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

function tlsOn(certificates: Certificates, more: TlsOptions = {}): Promise<number> {
  const created = createTlsServer({ cert: readFileSync(certificates.cert), key: readFileSync(certificates.key), ...more }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.write("220 hello\r\n");
  });
  created.on("tlsClientError", () => {});
  return listening(created);
}

async function codeOf(port: number, trust?: string): Promise<unknown> {
  const opening = sessionOn(port, {
    server: { host: "127.0.0.1", port, security: "tls", user: "user1@example.test" },
    trust,
    deadlines: { connect: 2000, greeting: 2000, command: 2000 },
  });
  return await opening.then(
    (session) => session.close(),
    (failure: { code: string }) => failure.code,
  );
}

test("an expired certificate is not trusted", async () => {
  expect(await codeOf(await tlsOn(expired), readFileSync(expired.ca, "utf8"))).toBe("certificate-expired");
});

test("a certificate for another name is not trusted", async () => {
  expect(await codeOf(await tlsOn(otherName), readFileSync(otherName.ca, "utf8"))).toBe("certificate-wrong-name");
});

test("a certificate that signed itself is not trusted", async () => {
  const self = { ca: good.ca, cert: good.ca, key: join(folder, "good", "ca.key") };
  expect(await codeOf(await tlsOn(self))).toBe("certificate-self-signed");
});

test("TLS 1.1 is too old", async () => {
  const port = await tlsOn(good, { maxVersion: "TLSv1.1", minVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" });
  expect(await codeOf(port, readFileSync(good.ca, "utf8"))).toBe("tls-too-old");
});

test("a server that speaks plainly where TLS is due is not talked to", async () => {
  const port = await listening(
    createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.write("220 plain.example.test ESMTP\r\n");
    }),
  );
  expect(await codeOf(port)).toBe("tls-failed");
});
