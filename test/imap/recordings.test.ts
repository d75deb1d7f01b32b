import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendMessage } from "../../main/imap/append-message.ts";
import { copyMessages, moveMessages } from "../../main/imap/change-messages.ts";
import { fetchFlags } from "../../main/imap/fetch-flags.ts";
import { fetchHeaders } from "../../main/imap/fetch-headers.ts";
import { readStatuses } from "../../main/imap/folder-status.ts";
import { listFolders } from "../../main/imap/list-folders.ts";
import { listUids } from "../../main/imap/search-uids.ts";
import { openFolder } from "../../main/imap/select-folder.ts";
import type { Session } from "../../main/imap/session.ts";
import { sourceOf } from "../../main/line/byte-source.ts";
import { incomingHeader } from "../../main/sync/take-headers.ts";
import { Failure } from "../../shared/failure.ts";
import { corpora } from "../servers/corpora.ts";
import { sessionTo } from "../support/imap-session.ts";

const ROOT = join(corpora() ?? "", "imap/mailkit-transcripts");

const GMAIL =
  "IMAP4rev1 IDLE NAMESPACE ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS ENABLE MOVE CONDSTORE LIST-EXTENDED LIST-STATUS AUTH=PLAIN SASL-IR";
const LOGIN = ["CAPABILITY", "AUTHENTICATE", "LOGIN", "ID", "ENABLE", "NAMESPACE", "LOGOUT"];

/** A server that logs anybody in and then answers the first command with a recording. */
class Player {
  greeting = Buffer.from("* OK ready\r\n");
  /** Recordings by the command that they answer; "" for whatever comes first after the login. */
  answers = new Map<string, Buffer>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server = createServer((socket) => this.#serve(socket));

  listen(): Promise<number> {
    return new Promise((resolve) =>
      this.#server.listen(0, "127.0.0.1", () => {
        const address = this.#server.address();
        resolve(typeof address === "object" && address ? address.port : 0);
      }),
    );
  }

  close(): Promise<unknown> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.write(this.greeting);
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
      for (let end = heard.indexOf("\r\n"); end >= 0; end = heard.indexOf("\r\n")) {
        const line = heard.slice(0, end);
        heard = heard.slice(end + 2);
        const literal = /\{(\d+)(\+?)\}$/u.exec(line);
        if (literal) {
          if (literal[2] === "") socket.write("+ go ahead\r\n");
          heard = heard.slice(Number(literal[1]));
        }
        const [tag = "", command = ""] = line.split(" ");
        if (/^[A-Z0-9]+$/iu.test(tag) && command !== "") socket.write(this.#answer(tag, command.toUpperCase()));
      }
    });
  }

  #answer(tag: string, command: string): Buffer {
    const key = this.answers.has(command) ? command : LOGIN.includes(command) ? null : "";
    const recorded = key === null ? undefined : this.answers.get(key);
    if (recorded === undefined || key === null)
      return Buffer.from(`${command === "CAPABILITY" ? `* CAPABILITY ${GMAIL}\r\n` : ""}${tag} OK done\r\n`);
    this.answers.delete(key);
    const bytes = Buffer.from(recorded.toString("latin1").replace(/^A########/gmu, tag), "latin1");
    return /^[A-Z0-9]+ (OK|NO|BAD)/imu.test(bytes.toString("latin1")) ? bytes : Buffer.concat([bytes, Buffer.from(`${tag} OK done\r\n`)]);
  }
}

type Question = (session: Session) => Promise<unknown>;

/** What of ours would have asked for it, and what must come of it. By the beginning of the file's name, the first that fits. */
const QUESTIONS: readonly (readonly [RegExp, Question])[] = [
  [/^(list|xlist)/u, (session) => listFolders(session).then(({ folders }) => folders.map(({ path }) => expect(path).toMatch(/\S/u)))],
  [/^status/u, (session) => readStatuses(session, ["INBOX"])],
  [
    /^(select|examine|count\.examine)/u,
    async (session) => expect((await openFolder(session, "INBOX", "write")).uidValidity).toBeGreaterThan(0),
  ],
  [/^search(?!-summary)/u, async (session) => expect((await listUids(session)).length).toBeGreaterThan(0)],
  [/^uid-copy/u, async (session) => expect((await copyMessages(session, [1], "Copies"))?.uids.size).toBe(21)],
  [/^uid-move/u, async (session) => expect((await moveMessages(session, [1], "Copies"))?.uids.size).toBe(21)],
  [
    /^append/u,
    async (session) => void (await appendMessage(session, "INBOX", { source: sourceOf(Buffer.from("Subject: a\r\n\r\nb")), flags: [] })),
  ],
  [/^(set|add)-|^headers|^get-indexes/u, fetchedFlags],
  [/^(fetch|search-summary|expunge-during)/u, fetchedHeaders],
  [/./u, (session) => session.send("NOOP", [])],
];

async function fetchedFlags(session: Session): Promise<void> {
  await fetchFlags(session, "1:*", (rows) => {
    for (const { uid, labels } of rows) {
      expect(uid).toBeGreaterThan(0);
      for (const label of labels ?? []) expect(label).toMatch(/^(\\?\w[\w ]*)$/u);
    }
  });
}

async function fetchedHeaders(session: Session): Promise<void> {
  await fetchHeaders(session, "1:*", (rows) => {
    for (const row of rows) {
      expect(row.uid).toBeGreaterThan(0);
      const { receivedAt, header } = incomingHeader(row, { likely: [], senders: new Map() });
      expect(Number.isFinite(receivedAt)).toBe(true);
      for (const { address } of [...header.from, ...header.to]) expect(address).not.toContain("\n");
    }
  });
}

describe.skipIf(!existsSync(ROOT))("an answer recorded at a real server", () => {
  const player = new Player();
  let port = 0;
  beforeAll(async () => {
    port = await player.listen();
  });
  afterAll(() => player.close());

  for (const folder of existsSync(ROOT) ? readdirSync(ROOT).filter((name) => name !== "LICENSE") : []) {
    for (const file of readdirSync(join(ROOT, folder))) {
      test(`${folder}/${file} is understood`, { timeout: 5000 }, async () => {
        // They were kept with bare line feeds; the literals in them count both characters.
        const recorded = Buffer.from(readFileSync(join(ROOT, folder, file), "latin1").replace(/\r?\n/gu, "\r\n"), "latin1");
        player.greeting = /greeting/u.test(file) ? recorded : Buffer.from("* OK ready\r\n");
        const before = [/^capability(?!-greeting)/u, /^authenticate/u, /^(utf8accept|enable)/u, /^id\./u, /^namespace/u].findIndex((one) =>
          one.test(file),
        );
        const command = ["CAPABILITY", "AUTHENTICATE", "ENABLE", "ID", "NAMESPACE"][before];
        player.answers = new Map(/greeting/u.test(file) ? [] : [[command ?? "", recorded]]);
        try {
          const session = await sessionTo({ port }, { silenceMs: 2000 });
          await QUESTIONS.find(([name]) => name.test(file))?.[1](session);
          session.destroy();
        } catch (error) {
          // Some recordings are of refusals; a failure must be one of ours, and never one that looks like a fault of the program.
          if (!(error instanceof Failure) || error.kind === "bug") throw error;
          expect(file).toMatch(REFUSALS);
        }
      });
    }
  }
});

/** Recordings that are meant to fail, or of servers that are left in the middle of something. */
const REFUSALS = /webalert|logindisabled/u;
