import type { AccountSettings, TestState, TestStep } from "../../shared/contract/accounts.ts";

export type Side = TestStep["side"];
export type ShownStep = TestStep & {
  /** For one that has not begun: the step it waits for, or null when it goes next. */
  readonly waitsFor: TestStep["stage"] | null;
};

/** The steps of one side with what each of the later ones waits for. */
export function stepsOf(state: TestState, side: Side): ShownStep[] {
  const steps = state.steps.filter((step) => step.side === side);
  return steps.map((step, at) => {
    const blocking = steps
      .slice(0, at)
      .find((before) => before.state === "failed" || before.state === "waiting" || before.state === "running");
    return { ...step, waitsFor: step.state === "waiting" ? (blocking?.stage ?? null) : null };
  });
}

/** What needs the user: every failed step, and the offer of other settings where a step only warned. */
export function needsOf(state: TestState): number {
  const failed = state.steps.filter((step) => step.state === "failed").length;
  const offered = state.alternative !== null && !state.steps.some((step) => step.state === "failed" && step.stage === "tcp") ? 1 : 0;
  return Math.max(failed + offered, state.state === "failed" ? 1 : 0);
}

/** Where an alternative differs, which is where the offer stands. */
export function alternativeSide(now: AccountSettings, alternative: AccountSettings): Side {
  const same = (a: AccountSettings["incoming"], b: AccountSettings["incoming"]): boolean =>
    a.host === b.host && a.port === b.port && a.security === b.security;
  return same(now.incoming, alternative.incoming) ? "outgoing" : "incoming";
}

/** Whether the way to the incoming server failed, so that another guess is worth a try. A refused sign-in is not such a case. */
export function neverReached(state: TestState): boolean {
  return state.steps.some(
    (step) =>
      step.side === "incoming" &&
      step.state === "failed" &&
      ["dns", "proxy", "tcp", "tls", "chain", "greeting", "abilities"].includes(step.stage),
  );
}
