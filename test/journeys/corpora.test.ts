import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ListRow } from "../../shared/contract/mail.ts";
import { corporaDir, mailFiles } from "../mime/support/corpora.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { closeBrowser, HAS_BROWSER, Program } from "../support/browser.ts";
import { atRest } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";

const ME = "user1@example.test";
/** Two hundred in each run, all of them with SATCHEL_EVERY_MESSAGE=1. */
const IN_WINDOW = process.env["SATCHEL_EVERY_MESSAGE"] === "1" ? Number.POSITIVE_INFINITY : 200;
const dir = corporaDir();

describe.skipIf(dir === null || !HAS_BROWSER || mailServersAvailable() !== null)(
  "every public message, through a real server into the window",
  { timeout: 300_000 },
  () => {
    // An empty file is no message, and Dovecot takes none.
    const files = mailFiles(dir).filter((file) => statSync(file).size > 0);
    const folderOf = (at: number): string => `Corpora-${Math.floor(at / 400)}`;
    let servers: RealServers;
    let program: Program;
    let rows: ListRow[] = [];
    /** By placement: what tells whether two rows have the same bytes, and are one message in two places. */
    const bytesOf = new Map<number, string>();

    beforeAll(async () => {
      servers = await startMailServers({ users: 1 });
      for (const [at, file] of files.entries()) await servers.deliver(ME, readFileSync(file), folderOf(at));
      program = await Program.start();
      await program.line.request("settings.write", { grouped: false });
      await addAccount(program.line, { address: ME, password: "secret-user1", imap: servers.ports.imap, smtp: servers.ports.smtp });
      await program.line.until(
        "health.status",
        {},
        ({ accounts, index }) => accounts[0]?.state === "up-to-date" && accounts[0].done === files.length && index.toIndex === 0,
        240_000,
      );
    }, 300_000);
    afterAll(async () => {
      await program?.stop();
      await closeBrowser();
      await servers?.stop();
    });

    test("is listed", async () => {
      const { line } = program;
      const { folders } = await line.request("folders.list", {});
      const byUid: ListRow[] = [];
      const names = [...new Set(files.map((_, at) => folderOf(at)))];
      for (const name of names) {
        const folder = folders.find((one) => one.path === name);
        const found = await line.request("mail.page", {
          view: `folder:${folder?.id ?? 0}`,
          grouped: false,
          filter: "all",
          from: { kind: "top" },
          limit: 500,
        });
        expect(found.total, name).toBe(files.filter((_, at) => folderOf(at) === name).length);
        byUid.push(...found.rows);
      }
      expect(byUid.length).toBe(files.length);
      rows = byUid;
    });

    test("lies here byte for byte", async () => {
      await inParallel(rows, 8, async ({ placementId }) => {
        const { url } = await program.line.request("mail.export", { placementId });
        const answer = await fetch(new URL(url, program.host.address));
        bytesOf.set(placementId, fingerprint(Buffer.from(await answer.arrayBuffer())));
      });
      // The server's bytes, not the files': Dovecot has lines end in CRLF and keeps no NUL.
      const onServer: string[] = [];
      for (const name of new Set(files.map((_, at) => folderOf(at))))
        for (const { raw } of await servers.mailboxOf(ME, name)) onServer.push(fingerprint(raw));
      expect([...bytesOf.values()].sort()).toEqual(onServer.sort());
    });

    test("opens, with text or HTML and each of its parts to be had", async () => {
      const failures: string[] = [];
      const fetched = (url: string): Promise<Response> => fetch(new URL(url, program.host.address));
      await inParallel(rows, 8, async (row) => {
        const about = `${row.subject} (${row.placementId})`;
        const body = await program.line.request("mail.read", { placementId: row.placementId });
        if (body.state.kind !== "here") failures.push(`${about}: ${body.state.kind}`);
        if (body.htmlUrl !== null) {
          const answer = await fetched(body.htmlUrl);
          if (!answer.ok || !(answer.headers.get("content-security-policy") ?? "").includes("default-src 'none'"))
            failures.push(`${about}: html ${answer.status}`);
          await answer.arrayBuffer();
        }
        for (const { part, name } of body.parts) {
          const { url } = await program.line.request("mail.partUrl", { placementId: row.placementId, part, download: true });
          const answer = await fetched(url);
          if (!answer.ok) failures.push(`${about}: part ${part} ${name} ${answer.status}`);
          await answer.arrayBuffer();
        }
      });
      expect(failures).toEqual([]);
    });

    test("is found by a word of its subject or of its first line", async () => {
      const failures: string[] = [];
      await inParallel(rows, 8, async (row) => {
        const words = wordsOf(row);
        if (words.length === 0) return;
        if (!(await isFound(words, row))) failures.push(`${row.subject} | ${row.snippet.slice(0, 60)} | asked for: ${words.join(" ")}`);
      });
      expect(failures).toEqual([]);
    });

    test("opens in the window", { timeout: 900_000 }, async () => {
      const { page } = program;
      const failures: string[] = [];
      let turns = 0;
      for (const name of new Set(files.map((_, at) => folderOf(at)))) {
        if (turns >= IN_WINDOW) break;
        await page.getByRole("navigation", { name: "Folders" }).getByRole("button", { name }).click();
        await page.getByRole("grid", { name }).focus();
        const inFolder = files.filter((_, at) => folderOf(at) === name).length;
        for (let at = 0; at < inFolder && turns < IN_WINDOW; at += 1, turns += 1) {
          await page.keyboard.press("j");
          await atRest(page).catch(async () => failures.push(`never came to rest: ${await title(page)}`));
          if ((await page.getByRole("heading", { name: "This message cannot be read" }).count()) > 0) failures.push(await title(page));
        }
      }
      expect({ failures, strangers: program.strangers, complaints: program.complaints }).toEqual({
        failures: [],
        strangers: [],
        complaints: [],
      });
    });

    const title = (page: Page): Promise<string> => page.getByRole("heading", { level: 1 }).last().innerText();

    async function isFound(words: readonly string[], wanted: ListRow): Promise<boolean> {
      let cursor: number | null = null;
      do {
        const answer: { hits: { row: ListRow }[]; nextCursor: number | null } = await program.line.request("search.run", {
          query: words.map((word) => `"${word}"`).join(" "),
          view: null,
          limit: 200,
          cursor,
        });
        if (answer.hits.some(({ row }) => bytesOf.get(row.placementId) === bytesOf.get(wanted.placementId))) return true;
        cursor = answer.nextCursor;
      } while (cursor !== null);
      return false;
    }
  },
);

function fingerprint(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Up to four words that anybody who saw the row would try: whole ones, and two characters of Chinese, Japanese or Korean. */
function wordsOf({ subject, snippet }: ListRow): string[] {
  const inSubject = wordsIn(subject);
  return (inSubject.length > 0 ? inSubject : wordsIn(snippet.replace(/\S+$/u, ""))).slice(0, 4);
}

function wordsIn(text: string): string[] {
  const runs = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return runs.flatMap((run) => {
    const [cjk] = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]{2}/u.exec(run) ?? [];
    if (cjk !== undefined) return [cjk];
    return /^[\p{L}\p{M}]{3,20}$/u.test(run) ? [run] : [];
  });
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}
