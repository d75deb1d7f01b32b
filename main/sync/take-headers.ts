import type { FolderId } from "../../shared/ids.ts";
import { fetchHeaders, type HeaderRow } from "../imap/fetch-headers.ts";
import type { Session } from "../imap/session.ts";
import { NO_HINTS } from "../mime/charset-hints.ts";
import { readListed } from "../mime/listed.ts";
import { type IncomingHeader, ingestHeaders } from "../store/ingest-headers.ts";
import type { AccountWork } from "./account-work.ts";
import type { ArrivalHints } from "./parse-jobs.ts";

type Place = { readonly id: FolderId; readonly uidValidity: number };

/**
 * Asks for headers and keeps them as they come.
 *
 * @param keep writes what came and says how many of it are new to the listing; left out = all of them, as they are
 */
export async function takeHeaders(
  work: AccountWork,
  session: Session,
  { id, uidValidity }: Place,
  uids: string,
  keep: (rows: readonly IncomingHeader[]) => number = (rows) => ingestHeaders(work.store, id, uidValidity, rows).length,
): Promise<void> {
  const { round } = work;
  const hints = work.arrivalHints();
  const take = (rows: readonly HeaderRow[]): Promise<void> | undefined => {
    const incoming = rows.map((row) => incomingHeader(row, hints));
    round.listed(round.during("store", () => keep(incoming)));
    return work.store.roomInLog();
  };
  await round.while("headers", () => fetchHeaders(session, uids, take));
}

/** What the server told of a message, read as the parser will read it when the bytes come. */
export function incomingHeader({ fields, structure, receivedAt, ...row }: HeaderRow, { likely, senders }: ArrivalHints): IncomingHeader {
  const first = readListed(fields, structure, { ...NO_HINTS, likely });
  const chosen = senders.get(first.header.from[0]?.address.toLowerCase() ?? "");
  const read = chosen === undefined ? first : readListed(fields, structure, { chosen, likely });
  return { ...row, ...read, receivedAt: receivedAt ?? read.header.sentAt ?? 0 };
}
