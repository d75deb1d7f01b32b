import { create } from "zustand";
import type { SearchHit } from "../../shared/contract/search.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { AccountId, ViewKey } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { goTo } from "./route.ts";
import { forgetSelection } from "./selection.ts";

type Search = {
  open: boolean;
  query: string;
  /** Only hits of this account; null for all. */
  account: AccountId | null;
  view: ViewKey | null;
  hits: readonly SearchHit[];
  /** What was looked for, as it was typed: marked in what is opened, too. */
  words: readonly string[];
  nextCursor: number | null;
  total: number | null;
  tookMs: number | null;
  indexed: number;
  toIndex: number;
  running: boolean;
  failure: FailureData | null;
};

const CLOSED: Search = {
  open: false,
  query: "",
  account: null,
  view: null,
  hits: [],
  words: [],
  nextCursor: null,
  total: null,
  tookMs: null,
  indexed: 0,
  toIndex: 0,
  running: false,
  failure: null,
};

export const useSearch = create<Search>(() => CLOSED);

const LIMIT = 100;
let asked = 0;

export function startSearch(): void {
  client.on("search.progressed", ({ indexed, toIndex }) => useSearch.setState({ indexed, toIndex }));
}

export function openSearch(): void {
  // The list's selection means nothing among hits, and theirs nothing in the list.
  if (!useSearch.getState().open) forgetSelection();
  useSearch.setState({ open: true });
  // It stands in the place of the lists, from whichever page it was asked for.
  goTo({ page: "mail" });
}

export function closeSearch(): void {
  forgetSelection();
  asked += 1;
  useSearch.setState(CLOSED);
}

/** Searches as the words change; only the last question's answer counts. */
export function search(query: string): void {
  useSearch.setState({ query, open: true });
  asked += 1;
  const mine = asked;
  if (query.trim() === "") {
    useSearch.setState({ hits: [], words: [], nextCursor: null, total: null, tookMs: null, running: false, failure: null });
    return;
  }
  useSearch.setState({ running: true });
  client.request("search.run", { query, view: useSearch.getState().view, limit: LIMIT, cursor: null }).then(
    (answer) => {
      if (mine === asked) useSearch.setState({ ...answer, running: false, failure: null });
    },
    (error: unknown) => {
      if (mine === asked) useSearch.setState({ running: false, failure: asFailure(error).data() });
    },
  );
}

export function searchMore(): void {
  const { nextCursor, query, view, running } = useSearch.getState();
  if (nextCursor === null || running) return;
  const mine = asked;
  useSearch.setState({ running: true });
  client.request("search.run", { query, view, limit: LIMIT, cursor: nextCursor }).then(
    (answer) => {
      if (mine === asked)
        useSearch.setState(({ hits }) => ({ hits: [...hits, ...answer.hits], nextCursor: answer.nextCursor, running: false }));
    },
    (error: unknown) => {
      if (mine === asked) useSearch.setState({ running: false, failure: asFailure(error).data() });
    },
  );
}

export function onlyAccount(account: AccountId | null): void {
  useSearch.setState({ account });
}
