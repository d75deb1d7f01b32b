import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";
import type { Ears } from "../servers/sniff/ears.ts";
import { CHROMIUM, FLAGS } from "./kept-browser.ts";

/** The tests' Chromium, with every name that it looks up going to these ears and to no other name server. */
export async function launchHeard(ears: Ears, more: readonly string[] = []): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  if (CHROMIUM === null) throw new Error("no browser is installed");
  const folder = mkdtempSync(join(tmpdir(), "satchel-heard-"));
  mkdirSync(join(folder, "profile"));
  // Chromium keeps this choice here; "secure" means that nobody else is ever asked.
  const dns = { dns_over_https: { mode: "secure", templates: ears.resolver } };
  writeFileSync(join(folder, "profile", "Local State"), JSON.stringify(dns));
  const context = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: CHROMIUM,
    args: [...FLAGS, `--ignore-certificate-errors-spki-list=${ears.keyHash}`, ...more],
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    acceptDownloads: false,
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
