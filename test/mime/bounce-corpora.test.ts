import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseBounce } from "../../main/mime/bounce.ts";
import { reportKind } from "../../main/mime/bounce-kind.ts";
import { scanMessage } from "../../main/mime/mime-tree.ts";
import type { ReportedRecipient } from "../../shared/delivery.ts";
import { BOUNCE_TRUTH } from "./support/bounce-truth.ts";
import { corporaDir, mailFiles } from "./support/corpora.ts";

const dir = corporaDir();

type Truth = { readonly file: string; readonly recipients: { address: string; readings: string[] }[] };

function truths(): Truth[] {
  const byFile = new Map<string, Truth>();
  for (const line of BOUNCE_TRUTH.trim().split("\n")) {
    const [file = "", address = "", readings = ""] = line.split(" ");
    const truth = byFile.get(file) ?? { file, recipients: [] };
    if (address !== "-") truth.recipients.push({ address, readings: readings.split("/") });
    byFile.set(file, truth);
  }
  return [...byFile.values()];
}

function reading({ action, reason }: ReportedRecipient): string {
  if (action === "failed") return reason ?? "";
  return action === "delayed" ? `delayed:${reason}` : action;
}

describe.skipIf(dir === null)("public bounces", () => {
  const all = truths().map(({ file, recipients }) => {
    const path = join(dir ?? "", file);
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    const report = parseBounce(bytes);
    const right =
      (report?.recipients.length ?? 0) === recipients.length &&
      recipients.every(({ address, readings }, at) => {
        const one = report?.recipients[at];
        return one !== undefined && one.address.toLowerCase() === address && readings.includes(reading(one));
      });
    const kind = recipients.length === 0 ? "none" : reportKind(bytes, scanMessage(bytes));
    return { file, kind, right, ids: report?.original.messageIds.length ?? 0 };
  });

  test("standard ones are read rightly, recipient and reason, in 95 of 100", () => {
    const standard = all.filter(({ kind }) => kind === "report");
    const wrong = standard.filter(({ right }) => !right).map(({ file }) => file);
    console.log(`reports by RFC 3464: ${standard.length - wrong.length} of ${standard.length} right`, wrong);
    expect(standard.length).toBeGreaterThan(40);
    expect(wrong.length).toBeLessThanOrEqual(standard.length * 0.05);
  });

  test("letters of systems that write no report are read rightly in 90 of 100", () => {
    const letters = all.filter(({ kind }) => kind === "letter" || kind === "doubtful");
    const wrong = letters.filter(({ right }) => !right).map(({ file }) => file);
    console.log(`letters: ${letters.length - wrong.length} of ${letters.length} right`, wrong);
    expect(letters.length).toBeGreaterThan(25);
    expect(wrong.length).toBeLessThanOrEqual(letters.length * 0.1);
  });

  test("what is no report of delivery is taken for none", () => {
    expect(all.filter(({ kind, right }) => kind === "none" && !right).map(({ file }) => file)).toEqual([]);
  });

  test("no other public mail is taken for a bounce, but one that a corpus keeps among what is none and that tells of a full mailbox", () => {
    const known = new Set(truths().map(({ file }) => join(dir ?? "", file)));
    const others = mailFiles(dir).filter((file) => !known.has(file));
    expect(others.length).toBeGreaterThan(600);
    const taken = others.filter((file) => parseBounce(readFileSync(file)) !== null).map((file) => file.slice((dir ?? "").length + 1));
    console.log("taken for bounces:", taken);
    expect(taken.length).toBeLessThanOrEqual(1);
  });
});
