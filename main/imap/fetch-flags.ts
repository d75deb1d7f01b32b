import { setImmediate as letOthers } from "node:timers/promises";
import { atom, strings, uidSet } from "./command-line.ts";
import { type FlagRow, fetchItems, flagItems, flagRow } from "./fetch-rows.ts";
import type { Session } from "./session.ts";
import { parseUidSet, type UidRange } from "./uid-set.ts";

/** Flags of a set of UIDs in the open folder, in batches; rows without a UID belong to somebody else's question and are left out. */
export async function fetchFlags(session: Session, uids: string, onRows: (rows: FlagRow[]) => void): Promise<void> {
  await fetchInBatches(session, [uidSet(uids), flagItems(session)], onRows, () => {});
}

/**
 * What changed in the open folder since a mod-sequence: with QRESYNC what vanished, which servers send first, then flags (RFC 7162 §3.2.6).
 * Only for sessions that have CONDSTORE: others would answer BAD.
 */
export async function fetchChanges(
  session: Session,
  sinceModseq: number,
  on: { readonly vanished: (ranges: UidRange[]) => void; readonly rows: (rows: FlagRow[]) => void },
): Promise<void> {
  if (!session.abilities.condstore) throw new Error("CHANGEDSINCE without CONDSTORE");
  const modifier = [atom("CHANGEDSINCE"), atom(String(sinceModseq)), ...(session.abilities.qresync ? [atom("VANISHED")] : [])];
  const args = [uidSet("1:*"), flagItems(session), modifier];
  await fetchInBatches(session, args, on.rows, on.vanished);
}

const BATCH = 500;

async function fetchInBatches(
  session: Session,
  args: Parameters<Session["send"]>[1],
  onRows: (rows: FlagRow[]) => void,
  onVanished: (ranges: UidRange[]) => void,
): Promise<void> {
  let rows: FlagRow[] = [];
  await session.send("UID FETCH", args, {
    FETCH(answer) {
      const row = flagRow(fetchItems(answer), session);
      if (!row) return undefined;
      rows.push(row);
      if (rows.length < BATCH) return undefined;
      const full = rows;
      rows = [];
      onRows(full);
      // As with headers.
      return letOthers();
    },
    VANISHED(answer) {
      onVanished(parseUidSet(strings(answer.attributes?.at(-1))[0] ?? ""));
    },
  });
  if (rows.length > 0) onRows(rows);
}
