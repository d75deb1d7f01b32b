import { create } from "zustand";
import type { OutputOf } from "../../shared/contract/table.ts";
import type { HealthAlert, SyncRound, Trace, Vitals } from "../../shared/contract/vitals.ts";
import type { Failure } from "../../shared/failure.ts";
import { client } from "../client/engine.ts";
import { showToast, toastFailure } from "./toasts.ts";

export type History = OutputOf<"health.history">;
export type Recorded = Extract<OutputOf<"health.record">, { kind: "download" }>["files"];
type Rounds = {
  /** Newest first. */
  list: SyncRound[];
  /** Only those in which something came or was out of the ordinary. */
  notable: boolean;
  /** There are older ones. */
  more: boolean;
};
type State = {
  vitals: Vitals | null;
  history: History | null;
  traces: Trace[];
  rounds: Rounds;
  failure: Failure | null;
  /** When it began, ms UTC. */
  recordingSince: number | null;
  recorded: Recorded;
};

/** What the page of health shows; read only while it is looked at. */
export const useVitals = create<State>(() => ({
  vitals: null,
  history: null,
  traces: [],
  rounds: { list: [], notable: true, more: false },
  failure: null,
  recordingSince: null,
  recorded: [],
}));

const READ_EVERY_MS = 2_000;
const READ_HISTORY_EVERY_MS = 5 * 60_000;
export const RECORD_S = 30;

export function readVitals(): void {
  client.request("health.vitals", {}).then(
    (vitals) => {
      if (vitals.lastRound !== useVitals.getState().vitals?.lastRound) readRounds(useVitals.getState().rounds.notable);
      useVitals.setState({ vitals, failure: null });
    },
    (failure: Failure) => useVitals.setState({ failure }),
  );
  client.request("health.traces", {}).then(({ traces }) => useVitals.setState({ traces }), toastFailure);
}

/** The newest synchronisations. @param notable without those that found nothing new */
export function readRounds(notable: boolean): void {
  client.request("health.rounds", { before: null, notable }).then(({ rounds }) => {
    const { list, notable: before } = useVitals.getState().rounds;
    // Those that were read already stay below them, so that nothing goes from under the eye.
    const oldest = rounds.at(-1)?.id ?? 0;
    const older = notable === before ? list.filter(({ id }) => id < oldest) : [];
    useVitals.setState({ rounds: { list: [...rounds, ...older], notable, more: rounds.length > 0 } });
  }, toastFailure);
}

export function readOlderRounds(): void {
  const { list, notable } = useVitals.getState().rounds;
  client.request("health.rounds", { before: list.at(-1)?.id ?? null, notable }).then(({ rounds }) => {
    const now = useVitals.getState().rounds;
    if (now.notable !== notable) return;
    useVitals.setState({ rounds: { notable, list: [...now.list, ...rounds], more: rounds.length > 0 } });
  }, toastFailure);
}

function readHistory(): void {
  client.request("health.history", {}).then((history) => useVitals.setState({ history }), toastFailure);
}

/** Reads again and again while the page is shown and can be seen. @returns what ends that */
export function followVitals(): () => void {
  const seen =
    (work: () => void): (() => void) =>
    () =>
      document.visibilityState === "visible" && work();
  const timers = [setInterval(seen(readVitals), READ_EVERY_MS), setInterval(seen(readHistory), READ_HISTORY_EVERY_MS)];
  const stops = [
    client.onConnect(() => {
      readVitals();
      readHistory();
    }),
  ];
  return () => {
    for (const timer of timers) clearInterval(timer);
    for (const stop of stops) stop();
  };
}

/** @param forMs null = for good; 0 = tell again */
export function mute({ kind, accountId }: HealthAlert, forMs: number | null): void {
  client.request("health.mute", { kind, accountId, forMs }).then(readVitals, toastFailure);
}

/** Notes what the threads are busy with; the files are offered for saving where the host does not ask where to. */
export function record(): void {
  useVitals.setState({ recordingSince: Date.now(), recorded: [] });
  client
    .request("health.record", { seconds: RECORD_S })
    .then((answer) => {
      if (answer.kind === "download") useVitals.setState({ recorded: answer.files });
      if (answer.kind === "saved") showToast({ key: "health:recordSaved", params: { count: answer.count } });
    }, toastFailure)
    .finally(() => useVitals.setState({ recordingSince: null }));
}

export function stopRecording(): void {
  void client.request("health.recordStop", {}).catch(toastFailure);
}

export async function readReport(): Promise<string> {
  return (await client.request("health.report", {})).text;
}
