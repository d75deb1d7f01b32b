import type { FolderId } from "../../shared/ids.ts";
import { fetchHeaders, type HeaderRow } from "../imap/fetch-headers.ts";
import type { Session } from "../imap/session.ts";
import { ingestHeaders } from "../store/ingest-headers.ts";
import type { AccountWork } from "./account-work.ts";

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
  keep: (rows: readonly HeaderRow[]) => number = (rows) => ingestHeaders(work.store, id, uidValidity, rows).length,
): Promise<void> {
  const { round } = work;
  await round.while("headers", () => fetchHeaders(session, uids, (rows) => round.listed(round.during("store", () => keep(rows)))));
}
