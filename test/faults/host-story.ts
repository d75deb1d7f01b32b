import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Change } from "../../shared/contract/mail.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { ALL_CAPABILITIES, type ImapServer, startImapServer } from "../servers/imap/server.ts";
import type { HookedCommand, Verdict } from "../servers/imap/server-state.ts";
import { type SmtpServer, startSmtpServer } from "../servers/smtp.ts";
import { addAccount, type HostLine, HostProcess } from "../support/host-process.ts";
import { idOf, unequal } from "../support/same-as-server.ts";
import { sampleMail } from "../support/sample-mail.ts";

const ME = "user1@example.test";
const SECRET = "secret-sesame-7";

/** The host dies at this command; the server carries it out and tells nobody (`drop-after`), or never got it (`drop`). */
export type Death = { readonly at: (command: HookedCommand) => boolean; readonly verdict: Verdict };

const DEEDS: readonly (readonly [id: string, change: Change["kind"] | "flag"])[] = [
  ["read", "flag"],
  ["filed-1", "archive"],
  ["filed-2", "archive"],
  ["thrown-1", "delete"],
  ["thrown-2", "delete"],
];
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  INBOX: ["read flagged", "stays"],
  Archive: ["filed-1", "filed-2"],
  Trash: ["thrown-1", "thrown-2"],
};

/**
 * What was done and written offline goes out from the real program, which is killed at one command after the other and started again on
 * what it left. @returns what is wrong in the end, on the server and in the window; deaths that came to pass
 */
export async function tellHostStory(without: readonly string[], deaths: readonly Death[]): Promise<{ wrong: string[]; died: number }> {
  const folder = mkdtempSync(join(tmpdir(), "satchel-host-faults-"));
  const imap = await startImapServer({
    users: [{ address: ME, password: SECRET }],
    capabilities: ALL_CAPABILITIES.filter((name) => !without.includes(name)),
  });
  const smtp = await startSmtpServer({ users: [{ address: ME, password: SECRET }] });
  let host: HostProcess | null = null;
  const start = async (): Promise<HostLine> => {
    host = await HostProcess.start({ profile: join(folder, "profile"), env: { XDG_CONFIG_HOME: join(folder, "config") } });
    return host.connect();
  };
  const kill = () => host?.stop("SIGKILL") ?? Promise.resolve();
  let died = 0;
  try {
    for (const id of ["read", "stays", "filed-1", "filed-2", "thrown-1", "thrown-2"]) imap.folder(ME, "INBOX").deliver(sampleMail(id));
    let line = await start();
    await addAccount(line, { address: ME, password: SECRET, imap: imap.port, smtp: smtp.port });
    await settled(line);
    await line.request("settings.write", { undoSendSeconds: 0 });
    await line.request("health.workOffline", { on: true });
    await doAll(line);
    await write(line);
    for (const [index, { at, verdict }] of deaths.entries()) {
      const dead = new Promise<boolean>((resolve) => {
        let done = false;
        imap.hooks = {
          onCommand: (command) => {
            if (done || !at(command)) return undefined;
            done = true;
            void kill().then(() => resolve(true));
            return verdict;
          },
        };
      });
      if (index > 0) line = await start();
      // The host may die before it answers.
      line.request("health.workOffline", { on: false }).catch(() => undefined);
      // When everything is done there is nothing left to die at.
      const finished = over(line).catch(() => dead);
      if (await Promise.race([dead, finished])) died += 1;
      imap.hooks = {};
      await kill();
    }
    line = await start();
    await line.request("health.workOffline", { on: false });
    await over(line);
    return { wrong: [...judge(imap, smtp), ...(await judgeWindow(line))], died };
  } finally {
    await kill();
    await imap.stop();
    await smtp.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function settled(line: HostLine): Promise<unknown> {
  return line.until(
    "health.status",
    {},
    ({ accounts: [one] }) => one?.state === "up-to-date" && one.pending === 0 && one.done === one.total,
  );
}

/** All went out, and what was sent is filed. @returns false: nobody died */
async function over(line: HostLine): Promise<boolean> {
  await line.until("outbox.list", {}, ({ items }) => items.every(({ state }) => state === "filed"), 60_000);
  await line.request("health.syncNow", {});
  await settled(line);
  return false;
}

async function rowsIn(line: HostLine, path: string) {
  const { folders } = await line.request("folders.list", {});
  const found = folders.find((one) => one.path === path);
  if (found === undefined) throw new Error(`no folder ${path}`);
  const page = await line.request("mail.page", {
    view: `folder:${found.id}`,
    grouped: false,
    filter: "all",
    from: { kind: "top" },
    limit: 100,
  });
  return page.rows;
}

async function doAll(line: HostLine): Promise<void> {
  const rows = await rowsIn(line, "INBOX");
  for (const [id, kind] of DEEDS) {
    const ids = rows.filter(({ subject }) => subject === `About ${id}`).map((row): PlacementId => row.placementId);
    const change: Change = kind === "archive" || kind === "delete" ? { kind } : { kind: "flag", flag: "flagged", on: true };
    await line.request("mail.act", { targets: { kind: "placements", ids }, change });
  }
}

async function write(line: HostLine): Promise<void> {
  const draft = await line.request("compose.start", { kind: "new", accountId: null });
  const content = { ...draft.content, to: [{ name: "", address: "other@example.test" }], subject: "Sent once", html: "<p>Once.</p>" };
  const { revision } = await line.request("compose.save", { draftId: draft.id, revision: draft.revision, content });
  await line.request("compose.send", { draftId: draft.id, revision });
}

function judge(imap: ImapServer, smtp: SmtpServer): string[] {
  const lying = (name: string) =>
    imap
      .folder(ME, name)
      .messages()
      .filter(({ flags }) => !flags.includes("\\Deleted"));
  return [
    ...Object.entries(EXPECTED).flatMap(([name, expected]) =>
      unequal(
        `${name} on the server`,
        expected,
        lying(name).map(({ raw, flags }) => `${idOf(raw)}${flags.includes("\\Flagged") ? " flagged" : ""}`),
      ),
    ),
    ...unequal(
      "sent",
      ["Sent once"],
      smtp.messages.map(({ raw }) => subjectOf(raw)),
    ),
    ...unequal(
      "Sent on the server",
      ["Sent once"],
      lying("Sent").map(({ raw }) => subjectOf(raw)),
    ),
  ];
}

const subjectOf = (raw: Buffer): string => /^Subject: (.*)$/mu.exec(raw.toString())?.[1]?.trim() ?? "";

async function judgeWindow(line: HostLine): Promise<string[]> {
  const wrong: string[] = [];
  for (const [path, expected] of Object.entries(EXPECTED)) {
    const rows = await rowsIn(line, path);
    wrong.push(
      ...unequal(
        `${path} in the window`,
        expected,
        rows.map(({ subject, flagged }) => `${subject.replace("About ", "")}${flagged ? " flagged" : ""}`),
      ),
    );
  }
  return wrong;
}
