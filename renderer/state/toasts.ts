import { create } from "zustand";
import { asFailure, type Failure, type FailureData } from "../../shared/failure.ts";
import type { AccountId } from "../../shared/ids.ts";

/** What a toast says: a sentence of the window, or a failure in its own sentence. */
export type Toast = {
  id: number;
  /** Key of the sentence with its namespace: `mail:toast.archived`. */
  key: string;
  params: Record<string, string | number>;
  failure: FailureData | null;
  /** Whose failure it is, for the button that mends it. */
  accountId: AccountId | null;
  icon: "archive" | "delete" | "junk" | "move" | "flag" | "sent" | "info" | "failure";
  /** The button: its label key and what it does. */
  action: { key: string; run(): void } | null;
  /** How long it stays; null = until closed. */
  lastsMs: number | null;
};

type Toasts = { current: Toast | null };

/** One toast at a time; a newer one replaces it. */
export const useToasts = create<Toasts>(() => ({ current: null }));

export const UNDO_MS = 6_000;
let lastId = 0;

export function showToast(toast: Partial<Omit<Toast, "id">> & { key: string }): number {
  lastId += 1;
  useToasts.setState({
    current: { params: {}, failure: null, accountId: null, icon: "info", action: null, lastsMs: UNDO_MS, ...toast, id: lastId },
  });
  return lastId;
}

/** For `.catch`: says what failed and stays until closed. */
export function toastFailure(error: unknown): void {
  const failure: Failure = asFailure(error);
  showToast({ key: "failure:title", failure: failure.data(), icon: "failure", lastsMs: null });
}

export function closeToast(id: number): void {
  useToasts.setState(({ current }) => (current?.id === id ? { current: null } : { current }));
}
