import type { Readiness } from "../../shared/contract/offline.ts";
import type { FolderId } from "../../shared/ids.ts";
import { type Extent, isWhole, monthOf, sizeClass } from "../plan/offline.ts";
import type { Reader, Writer } from "./database.ts";
import { getOrAdd } from "./get-or-add.ts";
import type { Listed } from "./list-upkeep.ts";
import { statement } from "./statement.ts";

const insertMissing = statement<{ folderId: number; receivedAt: number; placementId: number; sizeBytes: number; outlined: number }>(
  `INSERT INTO missing_body (folder_id, received_at, placement_id, size_bytes, outlined)
   VALUES (:folderId, :receivedAt, :placementId, :sizeBytes, :outlined)
   ON CONFLICT (folder_id, received_at, placement_id) DO UPDATE SET size_bytes = excluded.size_bytes, outlined = excluded.outlined`,
);
const deleteMissing = statement<{ folderId: number; receivedAt: number; placementId: number }>(
  "DELETE FROM missing_body WHERE folder_id = :folderId AND received_at = :receivedAt AND placement_id = :placementId",
);
const addToMonth = statement<{ folderId: number } & Sums>(
  `INSERT INTO folder_month (folder_id, month, size_class, total, here, bytes_missing, outlined)
   VALUES (:folderId, :month, :sizeClass, :total, :here, :missing, :outlined)
   ON CONFLICT (folder_id, month, size_class)
   DO UPDATE SET total = total + excluded.total, here = here + excluded.here, bytes_missing = bytes_missing + excluded.bytes_missing,
     outlined = outlined + excluded.outlined`,
);

type Shown = Listed & { readonly folderId: FolderId };
type Sums = { readonly month: number; readonly sizeClass: number; total: number; here: number; missing: number; outlined: number };

/** The changes of one transaction to what is missing where, and to the sums of it by month. */
export class ReadinessChanges {
  readonly #gone: Shown[] = [];
  readonly #missing: Shown[] = [];
  readonly #sums = new Map<FolderId, Map<string, Sums>>();

  /** What one placement was and is; null = not there. */
  changed(before: Listed | null, after: Listed | null): void {
    if (before !== null && after !== null && isSame(before, after)) return;
    if (isShown(before)) {
      this.#count(before, -1);
      if (!before.here) this.#gone.push(before);
    }
    if (isShown(after)) {
      this.#count(after, 1);
      if (!after.here) this.#missing.push(after);
    }
  }

  write(tx: Writer): void {
    for (const { folderId, receivedAt, id } of this.#gone) tx.run(deleteMissing, { folderId, receivedAt, placementId: id });
    for (const { folderId, receivedAt, id, sizeBytes, outlined } of this.#missing)
      tx.run(insertMissing, { folderId, receivedAt, placementId: id, sizeBytes, outlined: outlined ? 1 : 0 });
    for (const [folderId, months] of this.#sums) {
      for (const sums of months.values()) {
        if (sums.total !== 0 || sums.here !== 0 || sums.missing !== 0 || sums.outlined !== 0) tx.run(addToMonth, { folderId, ...sums });
      }
    }
    this.#gone.length = 0;
    this.#missing.length = 0;
    this.#sums.clear();
  }

  #count({ folderId, receivedAt, sizeBytes, here, outlined }: Shown, sign: 1 | -1): void {
    const month = monthOf(receivedAt);
    const size = sizeClass(sizeBytes);
    const months = getOrAdd(this.#sums, folderId, () => new Map<string, Sums>());
    const sums = getOrAdd(months, `${month} ${size}`, () => ({ month, sizeClass: size, total: 0, here: 0, missing: 0, outlined: 0 }));
    sums.total += sign;
    if (here) sums.here += sign;
    else {
      sums.missing += sign * sizeBytes;
      if (outlined) sums.outlined += sign;
    }
  }
}

function isShown(placement: Listed | null): placement is Shown {
  return placement !== null && placement.folderId !== null;
}

function isSame(a: Listed, b: Listed): boolean {
  return (
    a.folderId === b.folderId &&
    a.receivedAt === b.receivedAt &&
    a.here === b.here &&
    a.outlined === b.outlined &&
    a.sizeBytes === b.sizeBytes
  );
}

type Within = { wanted: number; here: number; outlined: number; bytesToGo: number; bytesLarge: number };
const sumsWithin = statement<{ folderId: number; month: number; sizeClass: number }, { [K in keyof Within]: Within[K] | null }>(
  `SELECT sum(total) AS wanted, sum(here) AS here, sum(iif(size_class > :sizeClass, outlined, 0)) AS outlined,
     sum(iif(size_class > :sizeClass, 0, bytes_missing)) AS bytesToGo, sum(iif(size_class > :sizeClass, bytes_missing, 0)) AS bytesLarge
   FROM folder_month
   WHERE folder_id = :folderId AND month >= :month`,
);

/** What a folder counts as a whole, from its own row. */
export type FolderCounts = {
  readonly id: FolderId;
  readonly total: number;
  readonly here: number;
  readonly bytesMissing: number;
  readonly remoteTotal: number | null;
  readonly headersDownTo: number | null;
};

/**
 * How much of what should be here of a folder is: what is larger than the limit with its outline.
 * A sum over its months, unless all of it is wanted: that is counted already.
 */
export function readinessOf(reader: Reader, folder: FolderCounts, extent: Extent): Readiness {
  if (extent === null) return { wanted: 0, ready: 0, bytesToGo: 0 };
  if (isWhole(extent)) {
    // What is marked \Deleted is on the server and shown nowhere: a folder listed to its end counts what it shows.
    const wanted = folder.headersDownTo === 1 ? folder.total : Math.max(folder.total, folder.remoteTotal ?? 0);
    return { wanted, ready: Math.min(folder.here, wanted), bytesToGo: folder.bytesMissing };
  }
  const within = { folderId: folder.id, month: monthOf(extent.since), sizeClass: sizeClass(extent.largestBytes) };
  const sums = reader.get(sumsWithin, within);
  const outlined = sums?.outlined ?? 0;
  const readiness = { wanted: sums?.wanted ?? 0, ready: (sums?.here ?? 0) + outlined, bytesToGo: sums?.bytesToGo ?? 0 };
  const bytes = sums?.bytesLarge ?? 0;
  return bytes === 0 ? readiness : { ...readiness, onDemand: { messages: outlined, bytes } };
}
