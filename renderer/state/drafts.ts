import { create } from "zustand";
import type { DraftSummary } from "../../shared/contract/compose.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import { client } from "../client/engine.ts";

type Drafts = { drafts: readonly DraftSummary[]; loaded: boolean; failure: FailureData | null };

/** Kept drafts, the newest first. */
export const useDrafts = create<Drafts>(() => ({ drafts: [], loaded: false, failure: null }));

export function readDrafts(): void {
  client.request("compose.drafts", {}).then(
    ({ drafts }) => useDrafts.setState({ drafts: drafts.toSorted((a, b) => b.savedAt - a.savedAt), loaded: true, failure: null }),
    (error: unknown) => useDrafts.setState({ failure: asFailure(error).data() }),
  );
}

export function startDrafts(): void {
  client.onConnect(readDrafts);
  client.on("compose.changed", readDrafts);
}
