import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { words as inEnglish } from "../../renderer/i18n/en.ts";
import { words as inChinese } from "../../renderer/i18n/zh-CN.ts";
import { folderBar } from "../../shared/contract/folders.ts";
import { accountHealth } from "../../shared/contract/health.ts";
import { journalReason, undoBar } from "../../shared/contract/journal.ts";
import { trick } from "../../shared/contract/mail.ts";
import { timelineEvent } from "../../shared/contract/outbox.ts";
import { blockedBy } from "../../shared/contract/senders.ts";
import { ALERT_KINDS } from "../../shared/contract/vitals.ts";
import { CHARSET_REASONS, CONVERSATION_REASONS, NOT_KEPT_REASONS } from "../../shared/contract/why.ts";
import { DELIVERY_REASONS } from "../../shared/delivery.ts";
import { REPLY_REASONS } from "../../shared/reply-reason.ts";
import { SYNC_STAGES } from "../../shared/sync-stages.ts";

const ROOT = new URL("../../", import.meta.url);
const PAGE = readFileSync(new URL("docs/automatic-decisions.md", ROOT), "utf8");
const rows = PAGE.split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| decision"))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, decision = "", , words = "", decided = "", tests = ""]) => ({
    decision,
    words: coded(words),
    decided: coded(decided),
    tests: coded(tests),
  }));

function coded(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/gu)].map(([, text = ""]) => text);
}

type Words = Readonly<Record<string, Readonly<Record<string, string>>>>;
const LANGUAGES: Readonly<Record<string, Words>> = { English: inEnglish, Chinese: inChinese };

/** Keys of an area that a pattern such as `journal:why.*` means, plurals under their stem. */
function meant(words: Words, pattern: string): string[] {
  const [area = "", key = ""] = pattern.split(":");
  const stems = Object.keys(words[area] ?? {}).map((one) => one.replace(/_(?:one|other)$/u, ""));
  return stems.filter((one) => (key.endsWith("*") ? one.startsWith(key.slice(0, -1)) : one === key));
}

/** Reasons of the contract, by the words that say them. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  "reading:why.notKept.*": NOT_KEPT_REASONS,
  "reading:why.charset.*": CHARSET_REASONS,
  "reading:why.conversation.*": CONVERSATION_REASONS,
  "offline:pause.*": accountHealth.shape.pause.unwrap().shape.why.options,
  "health:stage.*": SYNC_STAGES,
  "health:alert.*": ALERT_KINDS,
  "senders:why.*": blockedBy.shape.scope.options,
  "sending:reason.*": REPLY_REASONS,
  "sending:history.*": timelineEvent.shape.what.options,
  "delivery:why.*": DELIVERY_REASONS,
  "journal:why.*": journalReason.options,
  "journal:bar.*": undoBar.options,
  "folders:bar.*": folderBar.options,
  "tricks:*": trick.options.flatMap(({ shape: { kind } }): string[] => [...valuesOf(kind)]),
};

function valuesOf(kind: z.ZodLiteral<string> | z.ZodEnum): readonly string[] {
  return "options" in kind ? kind.options.map(String) : [...kind.values];
}

describe("the table of what Satchel decides by itself", () => {
  test.each(Object.entries(LANGUAGES))("names words that are there in %s", (_, words) => {
    const none = rows.flatMap((row) => row.words.filter((pattern) => meant(words, pattern).length === 0));
    expect(none).toEqual([]);
    expect(rows.filter((row) => row.words.length === 0)).toEqual([]);
  });

  test.each(Object.entries(LANGUAGES))("has a sentence for each reason of the contract in %s", (_, words) => {
    const patterns = rows.flatMap((row) => row.words);
    for (const [pattern, reasons] of Object.entries(REASONS)) {
      expect(patterns).toContain(pattern);
      const [area, key = ""] = pattern.split(":");
      const unsaid = reasons.filter((reason) => meant(words, `${area}:${key.slice(0, -1)}${reason}`).length === 0);
      expect({ pattern, unsaid }).toEqual({ pattern, unsaid: [] });
    }
  });

  test("names tests and files that are there", () => {
    const gone = rows
      .flatMap(({ tests, decided }) => [...tests, ...decided.map((file) => `main/${file}.ts`)])
      .filter((path) => !isThere(path));
    expect(gone).toEqual([]);
    expect(rows.filter(({ tests }) => tests.length === 0)).toEqual([]);
  });

  test("names every file in which something is decided", () => {
    const named = new Set(coded(PAGE.replaceAll("\n", " ")));
    const decided = readdirSync(new URL("main/plan/", ROOT)).map((file) => `plan/${file.replace(/\.ts$/u, "")}`);
    expect(decided.filter((file) => !named.has(file))).toEqual([]);
  });
});

/** What lies beside `plan` decides as well: renderer and mime are named as they are imported. */
function isThere(path: string): boolean {
  const plain = path.replace(/^main\/renderer\//u, "renderer/");
  return existsSync(new URL(plain, ROOT)) || existsSync(new URL(plain.replace(/\.ts$/u, ".tsx"), ROOT));
}
