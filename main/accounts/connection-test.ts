import type { Credential, ServerSettings, TestState, TestStep } from "../../shared/contract/accounts.ts";
import { asFailure, type Failure } from "../../shared/failure.ts";
import type { Log, LogFields } from "../log.ts";
import type { Via } from "../plan/proxy.ts";
import { probeLine, probeName, probeTls } from "./probe.ts";

/** The servers that a test signs in to: those of an account (its AccountSettings), or an outgoing one alone. */
export type TestedServers = { readonly outgoing: ServerSettings; readonly via?: Via | undefined } & (
  | { readonly protocol: "imap" | "pop3"; readonly incoming: ServerSettings }
  | { readonly protocol: null; readonly incoming: null }
);

type Side = TestStep["side"];
type Stage = TestStep["stage"];

type SignIn<Found> = (server: ServerSettings, credential: Credential, log: Log, via: Via | undefined) => Promise<Found>;

/** Signs in and out again with the product's own adapters; what they throw are Failures. */
export type SignIns = {
  readonly incoming: SignIn<{ greeting: string; folders: number }>;
  readonly pop3: SignIn<{ greeting: string; messages: number }>;
  readonly outgoing: SignIn<{ greeting: string; sizeLimit: number | null }>;
};

const STAGES: readonly Stage[] = ["dns", "tcp", "tls", "greeting", "login"];

/** What is looked at last: the folders of an IMAP account, the one mailbox of a POP3 account, what may be sent. */
function lastStage(side: Side, protocol: TestedServers["protocol"]): Stage {
  if (side === "outgoing") return "sender";
  return protocol === "pop3" ? "mailbox" : "folders";
}

/** Which step a failure of the sign-in belongs to: the dialogue goes through several of them at once. */
function stageOf(failure: Failure): Stage {
  if (failure.kind === "auth" || failure.code === "no-secure-login") return "login";
  if (failure.kind === "untrusted") return "tls";
  if (failure.code === "not-a-mail-server" || failure.kind === "offline" || failure.kind === "throttled") return "greeting";
  return "login";
}

/** The two doors of message submission (RFC 8314 §3.3). */
export type SubmissionPorts = { readonly tls: number; readonly starttls: number };
const SUBMISSION: SubmissionPorts = { tls: 465, starttls: 587 };

/**
 * One test of an account's servers, step by step, both sides at once. Nothing is saved by it.
 *
 * `state()` may be read at any time; `onChange` says that it is worth it.
 */
export class ConnectionTest {
  readonly #settings: TestedServers;
  readonly #credential: Credential;
  readonly #signIns: SignIns;
  readonly #onChange: () => void;
  readonly #ports: SubmissionPorts;
  readonly #steps: TestStep[];
  readonly #transcript: string[] = [];
  readonly #startedAt = performance.now();
  #alternative: TestState["alternative"] = null;
  #state: TestState["state"] = "running";

  constructor(settings: TestedServers, credential: Credential, signIns: SignIns, onChange: () => void, ports = SUBMISSION) {
    this.#settings = settings;
    this.#credential = credential;
    this.#signIns = signIns;
    this.#onChange = onChange;
    this.#ports = ports;
    const sides: readonly Side[] = settings.incoming === null ? ["outgoing"] : ["incoming", "outgoing"];
    this.#steps = sides.flatMap((side) =>
      [...STAGES, lastStage(side, settings.protocol)].map(
        (stage): TestStep => ({ side, stage, state: "waiting", detail: "", tookMs: null, failure: null }),
      ),
    );
  }

  state(): TestState {
    return {
      state: this.#state,
      steps: this.#steps.map((step) => ({ ...step })),
      alternative: this.#alternative,
      transcript: this.#transcript.join("\n"),
    };
  }

  async run(): Promise<void> {
    const { incoming, outgoing } = this.#settings;
    const [sends, receives] = await Promise.all([
      this.#side("outgoing", outgoing),
      incoming === null ? true : this.#side("incoming", incoming),
    ]);
    if (!sends) await this.#findAlternative();
    this.#state = sends && receives ? "passed" : "failed";
    this.#onChange();
  }

  async #side(side: Side, server: ServerSettings): Promise<boolean> {
    const { via } = this.#settings;
    try {
      const byProxy = await this.#step(side, "dns", async () => (await probeName(server.host, server.port, via))?.join(", ") ?? "");
      if (byProxy === "") this.#skip(side, "dns");
      await this.#step(side, "tcp", async () => {
        await probeLine(server.host, server.port, via);
        return String(server.port);
      });
      if (server.security === "tls") {
        await this.#step(side, "tls", async () => {
          const tls = await probeTls(server, side === "outgoing" ? "smtp" : (this.#settings.protocol ?? "imap"), via);
          return `${tls.protocol} · ${tls.issuer} · ${tls.validUntil}`;
        });
      }
      if (server.security === "plain") this.#skip(side, "tls");
      await this.#signIn(side, server);
      return true;
    } catch {
      // The step that failed says why; those behind it go on waiting for it.
      this.#onChange();
      return false;
    }
  }

  #skip(side: Side, stage: Stage): void {
    this.#set(
      this.#steps.find((step) => step.side === side && step.stage === stage),
      { state: "skipped" },
    );
  }

  /** The adapters' dialogue covers what is left; its failure is shown at the step where it happened. */
  async #signIn(side: Side, server: ServerSettings): Promise<void> {
    const started = performance.now();
    const left = this.#steps.filter((step) => step.side === side && step.state === "waiting");
    this.#set(left[0], { state: "running" });
    const log = this.#listen(side);
    try {
      const details = await this.#lookInside(side, server, log);
      const tookMs = Math.round(performance.now() - started);
      for (const step of left)
        this.#set(step, { state: "done", detail: step.stage === "tls" ? this.#upgrade(side) : (details[step.stage] ?? ""), tookMs });
    } catch (error) {
      const failure = asFailure(error);
      const stage = stageOf(failure);
      for (const step of left) {
        if (step.stage === stage) {
          this.#set(step, { state: "failed", failure: failure.data(), tookMs: Math.round(performance.now() - started) });
          break;
        }
        this.#set(step, { state: "done" });
      }
      throw failure;
    }
  }

  async #lookInside(side: Side, server: ServerSettings, log: Log): Promise<Partial<Record<Stage, string>>> {
    const { via } = this.#settings;
    if (side === "outgoing") return outgoingDetails(await this.#signIns.outgoing(server, this.#credential, log, via));
    if (this.#settings.protocol !== "pop3") return incomingDetails(await this.#signIns.incoming(server, this.#credential, log, via));
    const { greeting, messages } = await this.#signIns.pop3(server, this.#credential, log, via);
    return { greeting, mailbox: String(messages) };
  }

  /** The command by which a plain line becomes a safe one. */
  #upgrade(side: Side): string {
    return side === "incoming" && this.#settings.protocol === "pop3" ? "STLS" : "STARTTLS";
  }

  async #step(side: Side, stage: Stage, work: () => Promise<string>): Promise<string> {
    const step = this.#steps.find((one) => one.side === side && one.stage === stage);
    const started = performance.now();
    this.#set(step, { state: "running" });
    try {
      const detail = await work();
      this.#set(step, { state: "done", detail, tookMs: Math.round(performance.now() - started) });
      this.#write(side, `${stage}: ${detail}`);
      return detail;
    } catch (error) {
      const failure = asFailure(error);
      this.#set(step, { state: "failed", failure: failure.data(), tookMs: Math.round(performance.now() - started) });
      this.#write(side, `${stage}: ${failure.message}`);
      throw failure;
    }
  }

  /** Networks that block 465 usually let 587 through, and the other way round. Equally safe, so it is worth offering. */
  async #findAlternative(): Promise<void> {
    const { protocol, incoming, outgoing, via, ...rest } = this.#settings;
    if (incoming === null) return;
    const blocked = this.#steps.find((step) => step.side === "outgoing" && step.stage === "tcp")?.state === "failed";
    const { tls, starttls } = this.#ports;
    if (!blocked || (outgoing.port !== tls && outgoing.port !== starttls)) return;
    const other: ServerSettings =
      outgoing.port === tls ? { ...outgoing, port: starttls, security: "starttls" } : { ...outgoing, port: tls, security: "tls" };
    try {
      await probeLine(other.host, other.port, via);
      this.#alternative = { ...rest, protocol, incoming, outgoing: other };
    } catch (error) {
      this.#write("outgoing", `${other.port}: ${asFailure(error).message}`);
    }
  }

  #set(step: TestStep | undefined, patch: Partial<TestStep>): void {
    if (step === undefined) return;
    Object.assign(step, patch);
    this.#onChange();
  }

  #write(side: Side, line: string): void {
    const at = ((performance.now() - this.#startedAt) / 1000).toFixed(3);
    this.#transcript.push(`${at} ${side}  ${line}`);
  }

  /** The adapters never log a secret, so their dialogue can be shown as it is. */
  #listen(side: Side): Log {
    const note = (name: string, fields: LogFields = {}): void => this.#write(side, `${name} ${JSON.stringify(fields)}`);
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

function incomingDetails({ greeting, folders }: { greeting: string; folders: number }): Partial<Record<Stage, string>> {
  return { greeting, folders: String(folders) };
}

function outgoingDetails({ greeting, sizeLimit }: { greeting: string; sizeLimit: number | null }): Partial<Record<Stage, string>> {
  return { greeting, sender: sizeLimit === null ? "" : String(sizeLimit) };
}
