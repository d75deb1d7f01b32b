/** A message whose bytes are not here. The list is in order of wish: what the user asked for first, then newest first. */
export type MissingBody = { readonly placementId: number; readonly folderId: number; readonly uid: number; readonly sizeBytes: number };

export type BodyBatch = { readonly folderId: number; readonly items: readonly MissingBody[] };

const MB = 1024 * 1024;

/**
 * Which bodies one connection should fetch next: all from one folder, so that one command brings them.
 *
 * The folder of the first wish decides. A batch ends at `maxBytes` or `maxCount`, so that what the user asks for meanwhile waits a moment
 * and not an hour; one message larger than that goes alone.
 * @param options.largest what is larger is never asked for
 * @param options.busyFolders folders that another connection fetches from
 */
export function planBackfill(
  missing: readonly MissingBody[],
  options: {
    readonly maxBytes: number;
    readonly maxCount: number;
    readonly largest: number;
    readonly busyFolders: ReadonlySet<number>;
  },
): BodyBatch | null {
  const wanted = missing.filter(({ sizeBytes, folderId }) => sizeBytes <= options.largest && !options.busyFolders.has(folderId));
  const folderId = wanted[0]?.folderId;
  if (folderId === undefined) return null;
  const items: MissingBody[] = [];
  let bytes = 0;
  for (const item of wanted) {
    if (item.folderId !== folderId) continue;
    if (items.length > 0 && (bytes + item.sizeBytes > options.maxBytes || items.length >= options.maxCount)) break;
    items.push(item);
    bytes += item.sizeBytes;
  }
  return { folderId, items };
}

/** How many bytes to ask for at once: about four seconds of the line, between 1 and 64 MB. */
export function batchBytes(bytesPerSecond: number | null): number {
  if (bytesPerSecond === null) return 4 * MB;
  return Math.min(64 * MB, Math.max(MB, bytesPerSecond * 4));
}

/**
 * Whether to fetch messages of a folder that was never listed with all their bytes at once. On a fast line this halves the work; on a slow
 * one the list should be complete first.
 */
export function fetchWholeMessages(bytesPerSecond: number | null): boolean {
  return bytesPerSecond !== null && bytesPerSecond >= 10 * MB;
}
