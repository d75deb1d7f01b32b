import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates } from "../certificates.ts";
import { startNameServer } from "./name-server.ts";
import { startWebServer, type WebServer } from "./web-server.ts";

/** The one domain that vectors call; reserved by RFC 2606, so that it is nobody's. */
export const SNIFFED = "sniff.test";

/** What hears a browser: a name server and a web server for all names. */
export type Ears = {
  readonly web: WebServer;
  /** Address of the name server, as Chromium wants it. */
  readonly resolver: string;
  /** SHA-256 of the servers' public key in base64, to be trusted by the test's browser. */
  readonly keyHash: string;
  /** Everything heard so far: names, greetings, requests. */
  heard(): readonly string[];
  stop(): Promise<void>;
};

export async function startEars(): Promise<Ears> {
  const folder = mkdtempSync(join(tmpdir(), "satchel-ears-"));
  const paths = makeCertificates(folder, { altNames: `IP:127.0.0.1,DNS:*.${SNIFFED}` });
  const tls = { key: readFileSync(paths.key), cert: readFileSync(paths.cert) };
  rmSync(folder, { recursive: true, force: true });
  const names = await startNameServer(tls);
  const web = await startWebServer(tls);
  const key = new X509Certificate(tls.cert).publicKey.export({ type: "spki", format: "der" });
  return {
    web,
    resolver: `https://127.0.0.1:${names.port}/dns-query`,
    keyHash: createHash("sha256").update(key).digest("base64"),
    heard: () => [...names.names.map((name) => `name ${name}`), ...web.heard],
    async stop() {
      await names.stop();
      await web.stop();
    },
  };
}
