import { create } from "zustand";
import type { InputOf } from "../../shared/contract/table.ts";
import type { ViewKey } from "../../shared/ids.ts";

export type ListFilter = InputOf<"mail.page">["filter"];

type View = {
  /** The list on show; null until folders are known. */
  view: ViewKey | null;
  filter: ListFilter;
};

export const useView = create<View>(() => ({ view: null, filter: "all" }));

export function openView(view: ViewKey): void {
  if (useView.getState().view !== view) useView.setState({ view, filter: "all" });
}

export function setFilter(filter: ListFilter): void {
  useView.setState({ filter });
}
