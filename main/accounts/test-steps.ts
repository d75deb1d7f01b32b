import type { ServerSettings, TestState, TestStep } from "../../shared/contract/accounts.ts";
import { asFailure, type Failure } from "../../shared/failure.ts";
import type { Log, LogFields } from "../log.ts";

export type Side = TestStep["side"];
export type Stage = TestStep["stage"];
export type Spoken = "imap" | "pop3" | "smtp";

const BEFORE_TLS: readonly Stage[] = ["greeting", "clock"];
const TLS: readonly Stage[] = ["tls", "chain"];

/** The stages of one side in the order in which they come: with STARTTLS the greeting is heard before anything is safe. */
export function stagesOf(spoken: Spoken, security: ServerSettings["security"], more: { full: boolean; address: boolean }): Stage[] {
  const way = security === "starttls" ? [...BEFORE_TLS, ...TLS] : [...TLS, ...BEFORE_TLS];
  const inside: Record<Spoken, readonly Stage[]> = {
    imap: ["folders", "select", ...(more.full ? (["append"] as const) : [])],
    pop3: ["mailbox"],
    smtp: ["sender", ...(more.address ? (["recipient"] as const) : [])],
  };
  return ["dns", "tcp", ...way, "abilities", "login", ...inside[spoken]];
}

/** What a test has found so far, and its dialogue. */
export class TestSteps {
  readonly #onChange: () => void;
  readonly #steps: TestStep[] = [];
  readonly #transcript: string[] = [];
  readonly #startedAt = performance.now();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  add(side: Side, stages: readonly Stage[]): void {
    this.#steps.push(...stages.map((stage): TestStep => ({ side, stage, state: "waiting", detail: "", tookMs: null, failure: null })));
  }

  /** A stage that only turns out to be on the way once the test runs. */
  insertBefore(side: Side, stage: Stage, before: Stage): void {
    const at = this.#steps.findIndex((step) => step.side === side && step.stage === before);
    this.#steps.splice(at, 0, { side, stage, state: "waiting", detail: "", tookMs: null, failure: null });
  }

  all(): TestStep[] {
    return this.#steps.map((step) => ({ ...step }));
  }

  failedOf(side: Side): TestStep | undefined {
    return this.#steps.find((step) => step.side === side && step.state === "failed");
  }

  /** Runs one stage. @throws its Failure; `mild`: one that is only told */
  async run(side: Side, stage: Stage, work: () => Promise<string>, mild: (failure: Failure) => boolean = () => false): Promise<void> {
    const started = performance.now();
    const took = (): number => Math.round(performance.now() - started);
    this.set(side, stage, { state: "running" });
    try {
      const detail = await work();
      this.set(side, stage, { state: "done", detail, tookMs: took() });
      this.write(side, `${stage}: ${detail}`);
    } catch (error) {
      const failure = asFailure(error);
      const warned = mild(failure);
      this.set(side, stage, { state: warned ? "warned" : "failed", failure: failure.data(), tookMs: took() });
      this.write(side, `${stage}: ${failure.message}`);
      if (!warned) throw failure;
    }
  }

  set(side: Side, stage: Stage, patch: Partial<TestStep>): void {
    const step = this.#steps.find((one) => one.side === side && one.stage === stage);
    if (step === undefined) return;
    Object.assign(step, patch);
    this.#onChange();
  }

  /** Adds what was found out later to a failure that is there. */
  addFacts(side: Side, stage: Stage, facts: Record<string, string | number>): void {
    const failure = this.#steps.find((one) => one.side === side && one.stage === stage)?.failure;
    if (failure !== undefined && failure !== null)
      this.set(side, stage, { failure: { ...failure, params: { ...failure.params, ...facts } } });
  }

  write(side: Side, line: string): void {
    const at = ((performance.now() - this.#startedAt) / 1000).toFixed(3);
    this.#transcript.push(`${at} ${side}  ${line}`);
  }

  transcript(): TestState["transcript"] {
    return this.#transcript.join("\n");
  }

  /** The adapters never log a secret, so their dialogue can be shown as it is. */
  listen(side: Side): Log {
    const note = (name: string, fields: LogFields = {}): void => this.write(side, `${name} ${JSON.stringify(fields)}`);
    const log: Log = {
      debug: note,
      info: note,
      warn: note,
      error: (name, error, fields) => note(name, { ...fields, error: String(error) }),
      with: () => log,
    };
    return log;
  }
}
