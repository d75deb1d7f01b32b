import { insertAccount } from "../../../main/store/accounts.ts";
import { writeFolderList } from "../../../main/store/folder-list.ts";
import { readFolders } from "../../../main/store/folders.ts";
import { type IncomingHeader, type IngestedRow, ingestHeaders } from "../../../main/store/ingest-headers.ts";
import type { Store } from "../../../main/store/open.ts";
import type { FolderId } from "../../../shared/ids.ts";
import { LATIN_WORDS, randomFrom } from "./words.ts";

/** Headers that one FETCH brings at a time. */
export const SLICE = 200;
const WORDS = 9000;

/** An account without a server, with an inbox and as many folders more as asked for. */
export function addBenchAccount(store: Store, folders = 0): FolderId[] {
  const server = { host: "127.0.0.1", port: 9, security: "plain", user: "user1@example.test" } as const;
  const account = insertAccount(store, {
    name: "Bench",
    address: "user1@example.test",
    personName: "",
    settings: { protocol: "imap", incoming: server, outgoing: server },
    provider: null,
  });
  const folder = (path: string, role: "inbox" | "none") =>
    ({ path, delimiter: "/", name: path, parentPath: null, role, canSelect: true, canWrite: true, subscribed: true }) as const;
  writeFolderList(store, account, [
    folder("INBOX", "inbox"),
    ...Array.from({ length: folders }, (_, at) => folder(`Folder ${String(at + 1).padStart(2, "0")}`, "none")),
  ]);
  return readFolders(store, account).map(({ id }) => id);
}

/** `tookMs`: of the processor. */
export type Generated = { readonly rows: readonly IncomingHeader[]; readonly ingested: readonly IngestedRow[]; readonly tookMs: number };

/**
 * Fills a folder with headers, oldest first, a slice at a time; a fifth is unread.
 *
 * @param options.first how many it has already
 * @param options.answers every third answers one of the thirty before it
 */
export function* fillFolder(
  store: Store,
  folder: FolderId,
  count: number,
  { seed, first = 0, answers }: { seed: number; first?: number; answers: boolean },
): Generator<Generated> {
  const random = randomFrom(seed);
  const word = (): string => LATIN_WORDS[Math.floor(random() * WORDS)] ?? "";
  const idOf = (number: number): string => `bench-${seed}-${number}@example.test`;
  for (let at = 0; at < count; at += SLICE) {
    const rows = Array.from({ length: Math.min(SLICE, count - at) }, (_, i): IncomingHeader => {
      const number = at + i;
      const answered = answers && number > 30 && number % 3 === 0 ? idOf(number - 1 - Math.floor(random() * 30)) : null;
      return {
        uid: first + number + 1,
        modseq: null,
        flags: number % 5 === 0 ? 0 : 1,
        keywords: [],
        receivedAt: 1_500_000_000_000 + (first + number) * 60_000 + seed,
        sizeBytes: 5000,
        emailId: null,
        header: {
          messageIdHeader: idOf(number),
          inReplyTo: answered,
          references: answered === null ? [] : [answered],
          subject: `${word()} ${word()} ${word()}`,
          from: [{ name: `${word()} ${word()}`, address: `${word()}@example.test` }],
          to: [],
          cc: [],
          bcc: [],
          replyTo: [],
          sentAt: null,
        },
        hasAttachment: i % 9 === 0,
        parts: [],
      };
    });
    const before = process.cpuUsage();
    const ingested = ingestHeaders(store, folder, 1, rows);
    const { user, system } = process.cpuUsage(before);
    yield { rows, ingested, tookMs: (user + system) / 1000 };
  }
}
