import { overlayLabels } from "../../main/plan/labels.ts";
import { overlay, type PlacementChange } from "../../main/plan/overlay.ts";
import type { Store } from "../../main/store/open.ts";
import type { ListRow } from "../../shared/contract/mail.ts";
import type { InputOf } from "../../shared/contract/table.ts";
import { hasFlag } from "../../shared/flags.ts";
import type { FolderId, ViewKey } from "../../shared/ids.ts";
import { UNIFIED_VIEWS } from "../../shared/ids.ts";

type Placed = {
  id: number;
  messageId: number;
  conversationId: number;
  folderId: number;
  /** Of a Gmail label: the placement in All Mail. */
  homeId: number | null;
  labelOnServer: number;
  flags: number;
  shownFolderId: number | null;
  shownFlags: number;
  pending: number;
  receivedAt: number;
  attachment: number;
  messageAttachment: number;
  outlined: number;
  here: number;
  sizeBytes: number;
};

function query<T>(store: Store, sql: string): T[] {
  return store.db.connection.prepare<[], T>(sql).all();
}

function placed(store: Store): Placed[] {
  return query<Placed>(
    store,
    `SELECT p.id AS id, p.message_id AS messageId, m.conversation_id AS conversationId, p.folder_id AS folderId, p.home_id AS homeId,
       p.label_on_server AS labelOnServer, p.flags | p.local_flags AS flags,
       p.shown_folder_id AS shownFolderId, p.shown_flags AS shownFlags, p.pending AS pending, p.received_at AS receivedAt,
       p.has_attachment AS attachment, m.has_attachment AS messageAttachment, m.bytes_here AS here, m.size_bytes AS sizeBytes,
       EXISTS (SELECT 1 FROM outline WHERE message_id = m.id) AS outlined
     FROM placement p JOIN message m ON m.id = p.message_id`,
  );
}

/** The views that show a placement, worked out from the folders' roles alone. */
function viewsOf(store: Store): (placement: Placed) => ViewKey[] {
  const roles = new Map(query<{ id: number; role: string }>(store, "SELECT id, role FROM folder").map(({ id, role }) => [id, role]));
  return ({ shownFolderId, shownFlags, homeId }) => {
    if (shownFolderId === null) return [];
    const role = roles.get(shownFolderId) ?? "none";
    const views: ViewKey[] = [`folder:${shownFolderId as FolderId}`];
    for (const name of UNIFIED_VIEWS) if (name === role) views.push(`all:${name}`);
    if (hasFlag(shownFlags, "flagged") && role !== "trash" && role !== "junk" && homeId === null) views.push("all:starred");
    return views;
  };
}

export type Expected = {
  key: { at: number; id: number };
  placementId: number;
  count: number;
  unread: number;
  flagged: boolean;
  hasAttachment: boolean;
};

/** What a list should show, by going through everything. */
export function expectedRows(store: Store, view: ViewKey, grouped: boolean, filter: InputOf<"mail.page">["filter"]): Expected[] {
  const inView = viewsOf(store);
  const groups = new Map<number, Placed[]>();
  for (const placement of placed(store)) {
    if (!inView(placement).includes(view)) continue;
    const key = grouped ? placement.conversationId : placement.id;
    groups.set(key, [...(groups.get(key) ?? []), placement]);
  }
  const rows = [...groups].map(([id, members]): Expected => {
    const [newest] = members.sort((a, b) => b.receivedAt - a.receivedAt || b.id - a.id);
    return {
      key: { at: newest?.receivedAt ?? 0, id },
      placementId: newest?.id ?? 0,
      count: members.length,
      unread: members.filter(({ shownFlags }) => !hasFlag(shownFlags, "seen")).length,
      flagged: members.some(({ shownFlags }) => hasFlag(shownFlags, "flagged")),
      hasAttachment: members.some(({ attachment }) => attachment === 1),
    };
  });
  const wanted = rows.filter(
    ({ unread, flagged, hasAttachment }) =>
      filter === "all" || (filter === "unread" ? unread > 0 : filter === "flagged" ? flagged : hasAttachment),
  );
  return wanted.sort((a, b) => b.key.at - a.key.at || b.key.id - a.key.id);
}

export function asExpected({ key, placementId, count, unread, flagged, hasAttachment }: ListRow): Expected {
  return { key, placementId, count, unread, flagged, hasAttachment };
}

/** Everything that the store keeps twice, held against what it is made from. Returns what does not agree. */
export function contradictions(store: Store): string[] {
  const found: string[] = [];
  const all = placed(store);
  const open = new Map<number, PlacementChange[]>();
  for (const { placementId, change } of query<{ placementId: number; change: string }>(
    store,
    `SELECT placement_id AS placementId, change FROM operation
     WHERE placement_id IS NOT NULL AND state IN ('pending', 'attempted', 'parked') ORDER BY id`,
  ))
    open.set(placementId, [...(open.get(placementId) ?? []), JSON.parse(change) as PlacementChange]);
  const known = new Set([...all, ...query<{ id: number }>(store, "SELECT placement_id AS id FROM remembered")].map(({ id }) => id));
  for (const id of open.keys()) if (!known.has(id)) found.push(`an operation waits for placement ${id}, which is gone`);
  const allMail = new Set(query<{ id: number }>(store, "SELECT id FROM folder WHERE label = '\\All'").map(({ id }) => id));
  const placements = new Map(all.map((one) => [one.id, one]));
  const vanished = new Set(query<{ id: number }>(store, "SELECT placement_id AS id FROM safety_net").map(({ id }) => id));
  for (const id of vanished) if (placements.get(id)?.folderId !== 0) found.push(`placement ${id} is in the safety net and lies somewhere`);
  for (const { id, folderId, homeId, labelOnServer, flags, shownFolderId, shownFlags, pending, attachment, messageAttachment } of all) {
    const changes = open.get(homeId ?? id) ?? [];
    const home = placements.get(homeId ?? id);
    if (home === undefined) {
      found.push(`placement ${id} is a label of none`);
      continue;
    }
    if (folderId === 0 && !vanished.has(id)) found.push(`placement ${id} lies nowhere and is not in the safety net`);
    const whole = overlay({ folderId: home.folderId as FolderId, flags: homeId === null ? flags : home.flags }, changes);
    const labels = overlayLabels(labelOnServer === 1 ? [folderId as FolderId] : [], changes);
    const underLabel = whole.folderId !== null && allMail.has(whole.folderId) && labels.has(folderId as FolderId);
    for (const label of homeId === null && whole.folderId !== null && allMail.has(whole.folderId) ? overlayLabels([], changes) : []) {
      const missing = !all.some((one) => one.homeId === id && one.folderId === label && one.shownFolderId === label);
      if (missing) found.push(`placement ${id} is not shown under the label of folder ${label}`);
    }
    const shown = homeId === null ? whole : { ...whole, folderId: underLabel ? (folderId as FolderId) : null };
    if (shown.folderId !== shownFolderId || shown.flags !== shownFlags)
      found.push(`placement ${id} shows ${shownFolderId}/${shownFlags} instead of ${shown.folderId}/${shown.flags}`);
    if (pending !== changes.length) found.push(`placement ${id} counts ${pending} operations instead of ${changes.length}`);
    if (attachment !== messageAttachment) found.push(`placement ${id} differs from its message about attachments`);
  }
  const lonely = query<{ id: number }>(store, "SELECT id FROM message WHERE id NOT IN (SELECT message_id FROM placement)");
  for (const { id } of lonely) found.push(`message ${id} lies nowhere`);
  const empty = query<{ id: number }>(store, "SELECT id FROM conversation WHERE id NOT IN (SELECT conversation_id FROM message)");
  for (const { id } of empty) found.push(`conversation ${id} is empty`);
  const lost = query<{ id: number }>(store, "SELECT id FROM message WHERE conversation_id NOT IN (SELECT id FROM conversation)");
  for (const { id } of lost) found.push(`message ${id} is in no conversation`);
  const twice = query<{ hash: string }>(
    store,
    "SELECT raw_hash AS hash FROM message WHERE bytes_here = 1 GROUP BY raw_hash, account_id HAVING count(*) > 1",
  );
  for (const { hash } of twice) found.push(`two messages have the bytes ${hash}`);
  return [
    ...found,
    ...wrongKept(store),
    ...wrongFolderCounts(store, all),
    ...wrongReadiness(store, all),
    ...wrongRows(store),
    ...wrongStretches(store),
  ];
}

/** What the message files take, by account and together. */
function wrongKept(store: Store): string[] {
  const here = query<{ accountId: number; hash: string; bytes: number }>(
    store,
    "SELECT account_id AS accountId, raw_hash AS hash, size_bytes AS bytes FROM message WHERE bytes_here = 1",
  );
  const right = new Map([[0, [...new Map(here.map(({ hash, bytes }) => [hash, bytes])).values()].reduce((sum, bytes) => sum + bytes, 0)]]);
  for (const { accountId, bytes } of here) right.set(accountId, (right.get(accountId) ?? 0) + bytes);
  return query<{ id: number; bytes: number }>(store, "SELECT account_id AS id, bytes FROM kept_bytes").flatMap(({ id, bytes }) =>
    bytes === (right.get(id) ?? 0) ? [] : [`account ${id} keeps ${bytes} bytes instead of ${right.get(id) ?? 0}`],
  );
}

function wrongFolderCounts(store: Store, all: readonly Placed[]): string[] {
  type Counts = { id: number; total: number; unread: number; here: number; missing: number };
  const kept = query<Counts>(store, "SELECT id, total, unread, here, bytes_missing AS missing FROM folder");
  return kept.flatMap((counts) => {
    const shown = all.filter(({ shownFolderId }) => shownFolderId === counts.id);
    const right: Counts = {
      id: counts.id,
      total: shown.length,
      unread: shown.filter(({ shownFlags }) => !hasFlag(shownFlags, "seen")).length,
      here: shown.filter(({ here }) => here === 1).length,
      missing: shown.reduce((sum, { here, sizeBytes }) => (here === 1 ? sum : sum + sizeBytes), 0),
    };
    return JSON.stringify(counts) === JSON.stringify(right)
      ? []
      : [`folder counts ${JSON.stringify(counts)} instead of ${JSON.stringify(right)}`];
  });
}

/** What is missing where, and the sums of it by month and size. */
function wrongReadiness(store: Store, all: readonly Placed[]): string[] {
  const lines = (rows: readonly (string | number)[][]): string[] => rows.map((row) => row.join(" ")).sort();
  const shown = all.flatMap((one) => (one.shownFolderId === null ? [] : [{ ...one, folder: one.shownFolderId }]));
  const sums = new Map<string, [number, number, number, number]>();
  for (const { folder, receivedAt, sizeBytes, here, outlined } of shown) {
    const date = new Date(receivedAt);
    const size = [1, 5, 10, 20, 50].filter((limit) => sizeBytes > limit * 1_000_000).length;
    const key = `${folder} ${date.getUTCFullYear() * 12 + date.getUTCMonth()} ${size}`;
    const [total, ready, missing, read] = sums.get(key) ?? [0, 0, 0, 0];
    sums.set(key, [total + 1, ready + here, here === 1 ? missing : missing + sizeBytes, read + outlined]);
  }
  const differences = (name: string, kept: string[], right: string[]): string[] =>
    JSON.stringify(kept) === JSON.stringify(right) ? [] : [`${name} holds ${JSON.stringify(kept)} instead of ${JSON.stringify(right)}`];
  const missing = query<{ f: number; at: number; id: number; size: number; outlined: number }>(
    store,
    "SELECT folder_id AS f, received_at AS at, placement_id AS id, size_bytes AS size, outlined FROM missing_body",
  );
  const months = query<{ f: number; month: number; size: number; total: number; here: number; missing: number; outlined: number }>(
    store,
    `SELECT folder_id AS f, month, size_class AS size, total, here, bytes_missing AS missing, outlined FROM folder_month
     WHERE total <> 0 OR here <> 0 OR bytes_missing <> 0 OR outlined <> 0`,
  );
  return [
    ...differences(
      "missing_body",
      lines(missing.map(({ f, at, id, size, outlined }) => [f, at, id, size, outlined])),
      lines(
        shown
          .filter(({ here }) => here === 0)
          .map(({ folder, receivedAt, id, sizeBytes, outlined }) => [folder, receivedAt, id, sizeBytes, outlined]),
      ),
    ),
    ...differences(
      "folder_month",
      lines(months.map((row) => [row.f, row.month, row.size, row.total, row.here, row.missing, row.outlined])),
      lines([...sums].map(([key, values]) => [key, ...values])),
    ),
  ];
}

function allViews(store: Store): ViewKey[] {
  const folders = query<{ id: FolderId }>(store, "SELECT id FROM folder").map(({ id }): ViewKey => `folder:${id}`);
  return [...folders, ...UNIFIED_VIEWS.map((name): ViewKey => `all:${name}`)];
}

function numberOf(view: ViewKey): number {
  return view.startsWith("folder:") ? Number(view.slice(7)) : -1 - UNIFIED_VIEWS.findIndex((name) => view === `all:${name}`);
}

function wrongRows(store: Store): string[] {
  const kept = query<{
    view: number;
    id: number;
    at: number;
    placementId: number;
    count: number;
    unread: number;
    flagged: number;
    attachments: number;
  }>(
    store,
    `SELECT view, conversation_id AS id, last_at AS at, placement_id AS placementId, count, unread, flagged, attachments FROM conversation_in_view`,
  );
  const expected = new Map<string, Expected>(
    allViews(store).flatMap((view) =>
      expectedRows(store, view, true, "all").map((row) => [`${numberOf(view)} ${row.key.id}`, row] as const),
    ),
  );
  const wrong = kept.flatMap((row) => {
    const key = `${row.view} ${row.id}`;
    const right = expected.get(key);
    expected.delete(key);
    const same =
      right !== undefined &&
      right.key.at === row.at &&
      right.placementId === row.placementId &&
      right.count === row.count &&
      right.unread === row.unread &&
      right.flagged === row.flagged > 0 &&
      right.hasAttachment === row.attachments > 0;
    return same ? [] : [`row ${JSON.stringify(row)} instead of ${JSON.stringify(right)}`];
  });
  return [...wrong, ...[...expected].map(([key, row]) => `no row ${key}: ${JSON.stringify(row)}`)];
}

const STRETCH = 2 ** 30;

function wrongStretches(store: Store): string[] {
  const sums = new Map<string, number>();
  for (const view of allViews(store)) {
    for (const grouped of [false, true]) {
      for (const filter of ["all", "unread", "flagged", "attachments"] as const) {
        for (const { key } of expectedRows(store, view, grouped, filter)) {
          const name = `${numberOf(view)} ${Math.floor(key.at / STRETCH)} ${grouped} ${filter}`;
          sums.set(name, (sums.get(name) ?? 0) + 1);
        }
      }
    }
  }
  const columns = {
    "false all": "messages",
    "false unread": "unread_messages",
    "false flagged": "flagged_messages",
    "false attachments": "messages_with_attachment",
    "true all": "conversations",
    "true unread": "unread_conversations",
    "true flagged": "flagged_conversations",
    "true attachments": "conversations_with_attachment",
  };
  const wrong: string[] = [];
  for (const [name, column] of Object.entries(columns)) {
    for (const { view, stretch, rows } of query<{ view: number; stretch: number; rows: number }>(
      store,
      `SELECT view, stretch, ${column} AS rows FROM view_stretch WHERE ${column} <> 0`,
    )) {
      const key: string = `${view} ${stretch} ${name}`;
      if (sums.get(key) !== rows) wrong.push(`stretch ${key} counts ${rows} instead of ${sums.get(key) ?? 0}`);
      sums.delete(key);
    }
  }
  return [...wrong, ...[...sums].map(([key, rows]) => `stretch ${key} does not count ${rows}`)];
}
