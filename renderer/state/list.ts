import { create } from "zustand";
import type { ListRow, Page } from "../../shared/contract/mail.ts";
import type { InputOf } from "../../shared/contract/table.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { ViewKey } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { RowCache } from "./row-cache.ts";
import type { ListFilter } from "./view.ts";

type From = InputOf<"mail.page">["from"];
export type ListSource = { view: ViewKey; grouped: boolean; filter: ListFilter };

type List = {
  source: ListSource | null;
  cache: RowCache;
  /** Grows whenever the cache changed. */
  version: number;
  /** Grows when ranks moved under the eye: the row once at `was` is now at `is`. */
  moved: { serial: number; was: number; is: number };
  /** Ids of rows that fade out. */
  leaving: ReadonlySet<number>;
  failure: FailureData | null;
};

export const useList = create<List>(() => ({
  source: null,
  cache: new RowCache(),
  version: 0,
  moved: { serial: 0, was: 0, is: 0 },
  leaving: new Set(),
  failure: null,
}));

const PAGE = 200;
/** The first page of a list is what an eye sees, and is there at once. */
const FIRST_PAGE = 60;
/** Rows fetched ahead of the eye, in the direction it moves. */
const AHEAD = 700;
const BEHIND = 120;
/** Pages under way at one time. */
const MOST_IN_FLIGHT = 3;
/** Between two readings of the same list while mail pours in. */
const REREAD_MS = 120;

let inFlight = new Set<string>();
let eye = { first: 0, last: 0, down: true };
/** Nothing is fetched ahead of an eye that has not come yet: the rows at the top are to be drawn first. */
let looked = false;
let rereading = false;
let rereadAgain = false;
let holdUntil = 0;

export function startList(): void {
  client.on("mail.changed", ({ view }) => {
    if (view === useList.getState().source?.view) reread();
  });
  client.onConnect(() => {
    const { source } = useList.getState();
    if (source !== null) reread();
  });
}

/** Shows another list, from its top. */
export function showList(source: ListSource): void {
  const { source: old, cache: shown } = useList.getState();
  if (shown.total !== null && old?.view === source.view && old.grouped === source.grouped && old.filter === source.filter) {
    reread();
    return;
  }
  inFlight = new Set();
  eye = { first: 0, last: 0, down: true };
  looked = false;
  const cache = new RowCache();
  useList.setState(({ version, moved }) => ({
    source,
    cache,
    version: version + 1,
    leaving: new Set(),
    failure: null,
    moved: { serial: moved.serial + 1, was: 0, is: 0 },
  }));
  fetchPage({ kind: "top" }, FIRST_PAGE, "top");
}

/** What the eye sees: fetches what is missing there and ahead of it. What is ahead of a first look waits until that is painted. */
export function look(first: number, last: number): void {
  eye = { first, last, down: first === eye.first ? eye.down : first > eye.first };
  const mine = inFlight;
  const begin = (): void => {
    if (mine !== inFlight) return;
    looked = true;
    fetchAround();
  };
  if (looked || !useList.getState().cache.has(first, last + 1)) begin();
  else requestAnimationFrame(() => setTimeout(begin));
}

function fetchAround(): void {
  const { cache } = useList.getState();
  if (cache.total === null || !looked) return;
  const seen = cache.missing(eye.first, eye.last + 1);
  if (seen !== null) fetchRange(seen.from, Math.max(0, eye.first - 40));
  const from = eye.first - (eye.down ? BEHIND : AHEAD);
  const to = eye.last + (eye.down ? AHEAD : BEHIND);
  const ahead = eye.down ? cache.missing(eye.last, to) : missingAbove(cache, from, eye.first);
  if (ahead !== null) fetchRange(ahead.from, ahead.from);
  const behind = eye.down ? missingAbove(cache, from, eye.first) : cache.missing(eye.last, to);
  if (behind !== null) fetchRange(behind.from, behind.from);
}

/** Like `missing`, but the run that lies nearest to the eye from above, at most a page of it. */
function missingAbove(cache: RowCache, from: number, to: number): { from: number; to: number } | null {
  let end = to;
  while (end > Math.max(0, from) && cache.at(end - 1) !== undefined) end -= 1;
  return end <= Math.max(0, from) ? null : { from: Math.max(0, end - PAGE), to: end };
}

/** By key when the row above is here, which costs the same anywhere; by rank after a jump. */
function fetchRange(missingFrom: number, rank: number): void {
  const { cache } = useList.getState();
  const above = cache.at(missingFrom - 1);
  const key = `${Math.floor(missingFrom / 50)}`;
  if (inFlight.size >= MOST_IN_FLIGHT || inFlight.has(key)) return;
  fetchPage(above === undefined ? { kind: "rank", rank } : { kind: "older", than: above.key }, PAGE, key);
}

function fetchPage(from: From, limit: number, key: string): void {
  const { source } = useList.getState();
  if (source === null) return;
  const mine = inFlight;
  mine.add(key);
  client.request("mail.page", { ...source, from, limit }).then(
    (page) => {
      mine.delete(key);
      if (mine !== inFlight) return;
      const { cache, version } = useList.getState();
      cache.add(page);
      useList.setState({ version: version + 1, failure: null });
      if (page.rows.length > 0) fetchAround();
    },
    (error: unknown) => {
      mine.delete(key);
      if (mine === inFlight) useList.setState({ failure: asFailure(error).data() });
    },
  );
}

/** Reads what the eye sees anew, anchored at the row it rests on. Several calls in a row become one. */
export function reread(): void {
  if (rereading) {
    rereadAgain = true;
    return;
  }
  rereading = true;
  const wait = Math.max(0, holdUntil - performance.now());
  if (wait > 0) setTimeout(rereadNow, wait);
  else rereadNow();
}

function rereadNow(): void {
  const { source, cache } = useList.getState();
  const anchor = eye.first === 0 ? undefined : cache.at(eye.first);
  const done = (): void => {
    setTimeout(() => {
      rereading = false;
      if (rereadAgain) {
        rereadAgain = false;
        reread();
      }
    }, REREAD_MS);
  };
  if (source === null) {
    done();
    return;
  }
  // Pages under way were asked of the list as it was.
  inFlight = new Set();
  const mine = inFlight;
  const from: From = anchor === undefined ? { kind: "top" } : { kind: "around", key: anchor.key };
  client
    .request("mail.page", { ...source, from, limit: PAGE })
    .then((page) => {
      if (mine === inFlight) replaceWith(page, anchor);
    })
    .catch((error: unknown) => useList.setState({ failure: asFailure(error).data() }))
    .finally(done);
}

function replaceWith(page: Page, anchor: ListRow | undefined): void {
  const { cache, version, moved } = useList.getState();
  const was = eye.first;
  cache.replace(page);
  const is = anchor === undefined ? was : (cache.rankOf(anchor.key.id) ?? Math.min(was, page.total));
  eye = { ...eye, first: is, last: eye.last + is - was };
  useList.setState({ version: version + 1, failure: null, leaving: new Set(), moved: { serial: moved.serial + 1, was, is } });
  fetchAround();
}

/** Changes rows on show at once, before the engine's answer. */
export function patchRows(ids: ReadonlySet<number>, change: (row: ListRow) => ListRow): void {
  useList.getState().cache.patch(ids, change);
  useList.setState(({ version }) => ({ version: version + 1 }));
}

/** Fades rows out, then closes the gap. Reading anew waits until that is done. */
export function dropRows(ids: ReadonlySet<number>, fadeMs: number): void {
  holdUntil = performance.now() + fadeMs;
  useList.setState(({ leaving }) => ({ leaving: new Set([...leaving, ...ids]) }));
  setTimeout(() => {
    const { cache, version, moved } = useList.getState();
    const above = [...ids].filter((id) => (cache.rankOf(id) ?? eye.first) < eye.first).length;
    const was = eye.first;
    cache.remove(ids);
    eye = { ...eye, first: was - above, last: eye.last - above };
    useList.setState({ version: version + 1, leaving: new Set(), moved: { serial: moved.serial + 1, was, is: eye.first } });
    fetchAround();
  }, fadeMs);
}
