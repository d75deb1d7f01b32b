import type { Trace } from "../../shared/contract/vitals.ts";
import type { Failure } from "../../shared/failure.ts";
import type { OperationId, OutboxId } from "../../shared/ids.ts";
import type { Log } from "../log.ts";
import type { Reader } from "../store/database.ts";
import { type TracedOperation, tracedOperations } from "../store/traces.ts";

type Step = Trace["steps"][number];
type Tracing = {
  readonly correlation: string;
  readonly method: string;
  readonly steps: Step[];
  group: string | null;
  outboxId: OutboxId | null;
  failed: boolean;
  readonly operations: Set<OperationId>;
};

export type TracesNeeds = {
  readonly db: Reader;
  readonly clock: () => number;
  readonly log: Log;
  /** What became of a message in the outbox, oldest first. */
  readonly outbox: (id: OutboxId) => readonly { readonly at: number; readonly what: string }[];
};

/** Requests by which the user changes something that a server has to hear of. */
const TRACED = /^(?:mail\.act|compose\.send|folders\.(?:create|place|delete|subscribe|markRead|empty))$/u;
const KEPT = 50;
/** Steps of one act that are kept: of thousands of messages the first commands tell enough. */
const MOST_STEPS = 30;
/** A window's clock is this computer's; what says otherwise is not believed. */
const LONGEST_ON_THE_WAY_MS = 60_000;

/** The last acts of the user, from the click to the server's answer. In memory: the journal keeps what has to last. */
export class Traces {
  readonly #needs: TracesNeeds;
  readonly #traces: Tracing[] = [];

  constructor(needs: TracesNeeds) {
    this.#needs = needs;
  }

  /** @param clickedAt by the window's clock; null where it did not say */
  asked(correlation: string, method: string, clickedAt: number | null): void {
    if (!TRACED.test(method)) return;
    const now = this.#needs.clock();
    const clicked = clickedAt !== null && clickedAt <= now && now - clickedAt < LONGEST_ON_THE_WAY_MS;
    const steps: Step[] = clicked ? [{ at: clickedAt, what: "clicked", detail: "" }] : [];
    steps.push({ at: now, what: "heard", detail: "" });
    this.#traces.unshift({ correlation, method, steps, group: null, outboxId: null, failed: false, operations: new Set() });
    this.#traces.splice(KEPT);
  }

  answered(correlation: string, output: unknown): void {
    const tracing = this.#find(correlation);
    if (tracing === undefined || typeof output !== "object" || output === null) return;
    if ("group" in output && typeof output.group === "string") tracing.group = output.group;
    // As the handler gave it.
    if ("outboxId" in output) tracing.outboxId = output.outboxId as OutboxId;
    this.#step(tracing, "kept", "");
  }

  failed(correlation: string, failure: Failure): void {
    const tracing = this.#find(correlation);
    if (tracing === undefined) return;
    tracing.failed = true;
    this.#step(tracing, "not-done", failure.code);
  }

  /** A command with these went to the server, or came to an end there. */
  server(kind: "sent" | "answered", operations: readonly OperationId[], step: string, code: string): void {
    for (const tracing of this.#traces.filter((one) => this.#has(one, operations))) {
      const what = code !== "" ? "failed" : kind;
      this.#step(tracing, what, code === "" ? step : code);
      if (kind !== "answered") continue;
      const tookMs = this.#needs.clock() - (tracing.steps[0]?.at ?? 0);
      this.#needs.log.info("trace.answered", {
        correlation: tracing.correlation,
        method: tracing.method,
        step,
        code: code === "" ? undefined : code,
        tookMs,
      });
    }
  }

  list(): Trace[] {
    return this.#traces.map((tracing) => this.#told(tracing));
  }

  #told(tracing: Tracing): Trace {
    const { correlation, method, group, outboxId, failed } = tracing;
    const operations = group === null ? [] : tracedOperations(this.#needs.db, group);
    const sending = outboxId === null ? [] : this.#needs.outbox(outboxId);
    const steps: Step[] = [
      ...tracing.steps,
      ...endsOf(operations),
      ...sending.map(({ at, what }) => ({ at, what: "outbox" as const, detail: what })),
    ];
    return {
      correlation,
      method,
      count: outboxId === null ? operations.length : 1,
      state: failed ? "refused" : outboxId === null ? stateOf(operations) : stateOfSending(sending.map(({ what }) => what)),
      // Sorting keeps the order of what happened in the same millisecond.
      steps: steps.toSorted((one, other) => one.at - other.at),
    };
  }

  #find(correlation: string): Tracing | undefined {
    return this.#traces.find((one) => one.correlation === correlation);
  }

  /** The rows of an act are read once, when the first command goes out. */
  #has(tracing: Tracing, operations: readonly OperationId[]): boolean {
    if (tracing.group === null) return false;
    if (tracing.operations.size === 0) for (const { id } of tracedOperations(this.#needs.db, tracing.group)) tracing.operations.add(id);
    return operations.some((id) => tracing.operations.has(id));
  }

  #step({ steps }: Tracing, what: Step["what"], detail: string): void {
    if (steps.length < MOST_STEPS) steps.push({ at: this.#needs.clock(), what, detail });
  }
}

/** The last end of each kind that operations came to. */
function endsOf(operations: readonly TracedOperation[]): Step[] {
  return (["done", "refused", "parked", "undone"] as const).flatMap((what) => {
    const ends = operations.flatMap(({ state, endedAt }) => (state === what && endedAt !== null ? [endedAt] : []));
    return ends.length === 0 ? [] : [{ at: Math.max(...ends), what, detail: "" }];
  });
}

function stateOf(operations: readonly TracedOperation[]): Trace["state"] {
  const is = (state: TracedOperation["state"]): boolean => operations.some((one) => one.state === state);
  if (is("refused")) return "refused";
  if (is("parked")) return "waiting";
  return is("pending") || is("attempted") ? "going" : "done";
}

function stateOfSending(happened: readonly string[]): Trace["state"] {
  if (happened.some((what) => what.startsWith("accepted"))) return "done";
  const last = happened.at(-1);
  if (last === "held" || last === "unanswered" || last === "late") return "waiting";
  return last === "cancelled" ? "done" : "going";
}
