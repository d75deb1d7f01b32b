import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { makeCertificates } from "../servers/certificates.ts";
import type { Fault } from "../servers/fault-proxy.ts";
import { sharedProfile } from "../support/running-account.ts";
import { tellStory } from "./story.ts";

const folder = mkdtempSync(join(tmpdir(), "satchel-faults-"));
const shared = sharedProfile();
afterAll(() => shared.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const certificates = makeCertificates(folder);

// A TLS handshake is some 2,500 bytes to the client and 800 to the server; what comes after is the dialogue.
const POINTS: readonly (Fault & { without: readonly string[] })[] = [
  { kind: "cut", toward: "server", at: 1200, without: [] },
  { kind: "cut", toward: "server", at: 1600, without: ["MOVE"] },
  { kind: "cut", toward: "client", at: 4200, without: ["UIDPLUS", "QRESYNC"] },
  { kind: "cut", toward: "client", at: 4400, without: ["MOVE", "CONDSTORE", "QRESYNC"] },
  { kind: "stall", toward: "server", at: 1900, without: [] },
  { kind: "stall", toward: "client", at: 3600, without: ["MOVE", "UIDPLUS"] },
  { kind: "delay", toward: "client", at: 4000, without: ["MOVE"] },
  { kind: "delay", toward: "server", at: 1500, without: ["LIST-STATUS"] },
  { kind: "corrupt", toward: "client", at: 3900, without: [] },
  { kind: "corrupt", toward: "server", at: 1700, without: ["MOVE"] },
];

describe("a line that fails once while an afternoon offline goes out", () => {
  test.each(POINTS)("$kind toward the $toward at byte $at, without $without", { timeout: 60_000 }, async ({ without, ...fault }) => {
    // Two connections set out at once, and either may come first: the fault is that of the one which gets so far.
    const once: Fault = { ...fault, once: true };
    const told = await tellStory(certificates, without, () => once, shared);
    expect(told.wrong).toEqual([]);
    expect(told.struck).toBe(true);
  });
});
