import { create } from "zustand";
import type { NetItem } from "../../shared/contract/story.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { closeReader, readAlone } from "./reader.ts";
import { showToast, toastFailure } from "./toasts.ts";

type Safety = {
  query: string;
  items: readonly NetItem[];
  total: number;
  chosen: PlacementId | null;
  loaded: boolean;
  failure: FailureData | null;
  /** Asked about before it goes for good. */
  forgetting: NetItem | null;
};

const PAGE = 100;

export const useSafety = create<Safety>(() => ({
  query: "",
  items: [],
  total: 0,
  chosen: null,
  loaded: false,
  failure: null,
  forgetting: null,
}));

let reading = 0;

export function readSafetyNet(): void {
  const mine = ++reading;
  const { query, items } = useSafety.getState();
  void readDown(query, Math.max(PAGE, items.length)).then(
    (read) => {
      if (mine === reading) useSafety.setState({ ...read, loaded: true, failure: null });
    },
    (error: unknown) => {
      if (mine === reading) useSafety.setState({ failure: asFailure(error).data() });
    },
  );
}

async function readDown(query: string, count: number): Promise<Pick<Safety, "items" | "total">> {
  const items: NetItem[] = [];
  for (;;) {
    const page = await client.request("safety.page", { query, before: keyOf(items.at(-1)), limit: PAGE });
    items.push(...page.items);
    if (items.length >= count || page.items.length < PAGE) return { items, total: page.total };
  }
}

function keyOf(item: NetItem | undefined): { at: number; id: PlacementId } | null {
  return item === undefined ? null : { at: item.vanishedAt, id: item.placementId };
}

export function readMoreOfSafetyNet(): void {
  const mine = ++reading;
  const { query, items } = useSafety.getState();
  client.request("safety.page", { query, before: keyOf(items.at(-1)), limit: PAGE }).then((page) => {
    if (mine === reading) useSafety.setState({ items: [...items, ...page.items], total: page.total });
  }, toastFailure);
}

/** Keeps the page true while it is on the screen. */
export function followSafetyNet(): () => void {
  const stops = [client.onConnect(readSafetyNet), client.on("safety.changed", readSafetyNet), client.on("journal.changed", readSafetyNet)];
  return () => {
    for (const stop of stops) stop();
    chooseVanished(null);
  };
}

export function searchSafetyNet(query: string): void {
  useSafety.setState({ query, items: [] });
  readSafetyNet();
}

export function chooseVanished(item: NetItem | null): void {
  if (item?.placementId === useSafety.getState().chosen) return;
  useSafety.setState({ chosen: item?.placementId ?? null });
  if (item?.here === true) readAlone(item.placementId);
  else closeReader();
}

export function putBack(item: NetItem): void {
  client.request("safety.putBack", { ids: [item.placementId] }).then(({ count }) => {
    readSafetyNet();
    if (count === 0) showToast({ key: "story:net.did.none", icon: "failure", lastsMs: null });
    else showToast({ key: "story:net.did.putBack", params: { count } });
  }, toastFailure);
}

export function askToForget(forgetting: NetItem | null): void {
  useSafety.setState({ forgetting });
}

export function forget(item: NetItem): void {
  client.request("safety.forget", { ids: [item.placementId] }).then(() => {
    chooseVanished(null);
    readSafetyNet();
  }, toastFailure);
}
