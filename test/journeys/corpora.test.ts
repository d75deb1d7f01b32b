import { readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ListRow } from "../../shared/contract/mail.ts";
import { corporaDir, mailFiles } from "../mime/support/corpora.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { closeBrowser, HAS_BROWSER, Program } from "../support/browser.ts";
import { addAccount } from "../support/host-process.ts";

const ME = "user1@example.test";
const IN_WINDOW = 60;
const dir = corporaDir();

describe.skipIf(dir === null || !HAS_BROWSER || mailServersAvailable() !== null)(
  "every public message, through a real server into the window",
  { timeout: 300_000 },
  () => {
    // An empty file is no message, and Dovecot takes none.
    const files = dir === null ? [] : mailFiles(dir).filter((file) => statSync(file).size > 0);
    const folderOf = (at: number): string => `Corpora-${Math.floor(at / 400)}`;
    let servers: RealServers;
    let program: Program;
    /** The row of each file. */
    let rows: (ListRow | undefined)[] = [];

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

    test("opens, with text or HTML and each of its parts to be had", async () => {
      const failures: string[] = [];
      const fetched = (url: string): Promise<Response> => fetch(new URL(url, program.host.address));
      await inParallel(rows, 8, async (row) => {
        if (row === undefined) return;
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
        if (row === undefined) return;
        const words = wordsOf(row);
        if (words.length === 0) return;
        if (!(await isFound(words, row))) failures.push(`${row.subject} | ${row.snippet.slice(0, 60)} | asked for: ${words.join(" ")}`);
      });
      expect(failures).toEqual([]);
    });

    test(`${IN_WINDOW} of them open in the window`, async () => {
      const { page } = program;
      const failures: string[] = [];
      await page.getByRole("navigation", { name: "Folders" }).getByRole("button", { name: "Corpora-0" }).click();
      await page.getByRole("grid", { name: "Corpora-0" }).focus();
      for (let turn = 0; turn < IN_WINDOW; turn += 1) {
        await page.keyboard.press("j");
        const card = page.getByRole("feed", { name: "Conversation" }).getByRole("article").last();
        await card.waitFor();
        await card.and(page.locator(":not(:has([aria-busy=true]))")).waitFor();
        if ((await page.getByRole("heading", { name: "This message cannot be read" }).count()) > 0)
          failures.push(await page.getByRole("heading", { level: 1 }).last().innerText());
      }
      expect({ failures, strangers: program.strangers, complaints: program.complaints }).toEqual({
        failures: [],
        strangers: [],
        complaints: [],
      });
    });

    async function isFound(words: readonly string[], wanted: ListRow): Promise<boolean> {
      let cursor: number | null = null;
      do {
        const answer: { hits: { row: ListRow }[]; nextCursor: number | null } = await program.line.request("search.run", {
          query: words.map((word) => `"${word}"`).join(" "),
          view: null,
          limit: 200,
          cursor,
        });
        if (
          answer.hits.some(
            ({ row }) => row.placementId === wanted.placementId || (row.subject === wanted.subject && row.snippet === wanted.snippet),
          )
        )
          return true;
        cursor = answer.nextCursor;
      } while (cursor !== null);
      return false;
    }
  },
);

/** Up to four whole words that anybody who saw the row would try. Equal bytes in two places are one message, found in one of them. */
function wordsOf({ subject, snippet }: ListRow): string[] {
  const words = (text: string): string[] => (text.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => /^\p{Script=Latin}{3,20}$/u.test(word));
  return (words(subject).length > 0 ? words(subject) : words(snippet).slice(0, -1)).slice(0, 4);
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}
