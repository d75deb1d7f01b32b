import type { Credential, ServerSettings, TestState } from "../../shared/contract/accounts.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import { tlsSessions } from "../line/tls-sessions.ts";
import type { Log } from "../log.ts";
import { type ClockHint, judgeClock } from "../plan/clock.ts";
import { firstDiagnosis, otherWays } from "../plan/diagnosis.ts";
import { isHere, type Via } from "../plan/proxy.ts";
import { SURROUNDINGS, type Surroundings } from "./surroundings.ts";
import { type Side, type Spoken, type Stage, stagesOf, TestSteps } from "./test-steps.ts";
import { Visit } from "./visit.ts";

/** The servers that a test signs in to: those of an account (its AccountSettings), or an outgoing one alone. */
export type TestedServers = {
  readonly outgoing: ServerSettings;
  readonly via?: Via | undefined;
  /** Whose mail it is: asked for as sender and recipient, and nothing is sent. */
  readonly address?: string;
  /** The whole check: a scratch folder is made, a message put into it, and both are taken away again. */
  readonly full?: boolean;
} & ({ readonly protocol: "imap" | "pop3"; readonly incoming: ServerSettings } | { readonly protocol: null; readonly incoming: null });

/** What a sign-in is asked to look at once it is in. */
export type Look = {
  /** Runs one stage; its result is the fact that is shown. @throws what the stage throws, but where that only warns */
  readonly stage: (stage: Stage, work: () => Promise<string>) => Promise<void>;
  readonly full: boolean;
  readonly address: string | null;
  /** The server's clock, as it was seen, ms UTC. */
  readonly hint: (server: number) => void;
};

type SignIn = (server: ServerSettings, credential: Credential, log: Log, via: Via | undefined, look: Look) => Promise<void>;

/** Signs in and out again with the product's own adapters; what they throw are Failures. */
export type SignIns = Readonly<Record<Spoken, SignIn>>;

/** What may be refused to somebody who is let in all the same: told, and in the way of nothing but a whole check. */
const BESIDES: ReadonlySet<Stage> = new Set<Stage>(["append", "sender", "recipient"]);

type Validity = { readonly side: Side; readonly stage: Stage; readonly from: number; readonly until: number };

/**
 * One test of an account's servers, stage by stage, both sides at once. Nothing is saved by it.
 *
 * First somebody without a secret looks in (Visit), then the product's own adapters sign in. `state()` may be read at any time; `onChange` says
 * that it is worth it.
 */
export class ConnectionTest {
  readonly #settings: TestedServers;
  readonly #credential: Credential;
  readonly #signIns: SignIns;
  readonly #onChange: () => void;
  readonly #around: Surroundings;
  readonly #steps: TestSteps;
  readonly #hints: ClockHint[] = [];
  readonly #doubted: Validity[] = [];
  #alternative: TestState["alternative"] = null;
  #state: TestState["state"] = "running";

  constructor(settings: TestedServers, credential: Credential, signIns: SignIns, onChange: () => void, around = SURROUNDINGS) {
    this.#settings = settings;
    this.#credential = credential;
    this.#signIns = signIns;
    this.#onChange = onChange;
    this.#around = around;
    this.#steps = new TestSteps(onChange);
    const more = { full: settings.full === true, address: settings.address !== undefined };
    if (settings.protocol !== null) this.#steps.add("incoming", stagesOf(settings.protocol, settings.incoming.security, more));
    this.#steps.add("outgoing", stagesOf("smtp", settings.outgoing.security, more));
  }

  state(): TestState {
    return {
      state: this.#state,
      steps: this.#steps.all(),
      alternative: this.#alternative,
      transcript: this.#steps.transcript(),
    };
  }

  async run(): Promise<void> {
    const { incoming, outgoing, protocol } = this.#settings;
    const sides = [this.#side("outgoing", outgoing, "smtp")];
    if (protocol !== null) sides.push(this.#side("incoming", incoming, protocol));
    const good = (await Promise.all(sides)).every((one) => one);
    this.#lookAtClocks();
    if (!good) await this.#findAlternative();
    const found = firstDiagnosis(this.#steps.all());
    if (found !== null) this.#steps.write(found.side, `diagnosis: ${found.stage} ${found.failure?.code ?? ""}`);
    this.#state = good ? "passed" : "failed";
    this.#onChange();
  }

  async #side(side: Side, server: ServerSettings, spoken: Spoken): Promise<boolean> {
    try {
      await this.#lookIn(side, server, spoken);
      await this.#signIn(side, server, spoken);
      return this.#steps.failedOf(side) === undefined;
    } catch (error) {
      // The stage that failed says why; those behind it go on waiting for it. What failed outside of any is the test's own.
      if (this.#steps.failedOf(side) === undefined) this.#steps.set(side, "login", { state: "failed", failure: asFailure(error).data() });
      this.#onChange();
      return false;
    }
  }

  /** All that can be seen without a secret. */
  async #lookIn(side: Side, server: ServerSettings, spoken: Spoken): Promise<void> {
    const visit = new Visit(server, spoken, this.#settings.via, this.#around, (line) => this.#steps.write(side, line));
    const run = (stage: Stage, work: () => Promise<string>): Promise<void> => this.#steps.run(side, stage, work);
    try {
      await this.#reach(side, server, visit);
      // To say a word over a plain line to another computer is none of ours; the sign-in says so.
      if (server.security === "plain" && !isHere(server.host)) return this.#skip(side, ["tls", "chain", "greeting", "clock", "abilities"]);
      const secure = async (): Promise<void> => {
        await run("tls", () => visit.secure());
        const { validity } = visit;
        if (validity !== null) this.#doubted.push({ side, stage: "chain", ...validity });
        await run("chain", async () => visit.chain());
      };
      if (server.security === "tls") await secure();
      if (server.security === "plain") this.#skip(side, ["tls", "chain"]);
      await run("greeting", () => visit.greet());
      this.#clock(side, visit.clock);
      if (server.security === "starttls") await secure();
      await run("abilities", () => visit.abilities());
    } finally {
      visit.end();
    }
  }

  async #reach(side: Side, { port }: ServerSettings, visit: Visit): Promise<void> {
    const proxy = await visit.proxy();
    if (proxy !== null) {
      this.#steps.insertBefore(side, "proxy", "tcp");
      this.#skip(side, ["dns", "tcp"]);
      await this.#steps.run(side, "proxy", async () => {
        await visit.connect();
        return `${proxy.host}:${proxy.port}`;
      });
      return;
    }
    await this.#steps.run(side, "dns", () => visit.name());
    let beside: Failure | null = null;
    await this.#steps.run(side, "tcp", async () => {
      beside = await visit.connect();
      return String(port);
    });
    // Assigned in the function above, which the type checker does not follow.
    const trouble = beside as Failure | null;
    if (trouble !== null) this.#steps.set(side, "tcp", { state: "warned", failure: trouble.data() });
  }

  async #signIn(side: Side, server: ServerSettings, spoken: Spoken): Promise<void> {
    const { via, full = false, address = null } = this.#settings;
    const look: Look = {
      full,
      address,
      stage: (stage, work) =>
        this.#steps.run(side, stage, work, (failure) => BESIDES.has(stage) && (!full || failure.kind === "throttled")),
      hint: (at) => this.#hints.push({ server: at, here: this.#around.now() }),
    };
    await this.#signIns[spoken](server, this.#credential, this.#steps.listen(side), via, look);
    const resumed = tlsSessions.lastResumed(server);
    if (resumed !== null) this.#steps.write(side, `tls: signed in over ${resumed ? "a resumed session" : "a full handshake"}`);
  }

  #skip(side: Side, stages: readonly Stage[]): void {
    for (const stage of stages) this.#steps.set(side, stage, { state: "skipped" });
  }

  #clock(side: Side, hint: ClockHint | null): void {
    if (hint === null) {
      this.#skip(side, ["clock"]);
      return;
    }
    this.#hints.push(hint);
    this.#steps.set(side, "clock", { state: "done", detail: new Date(hint.server).toISOString().replace(/\.\d+Z$/u, "Z"), tookMs: 0 });
  }

  /** Once all servers have been seen: whether this computer's clock is the trouble, and which certificates only seem to be bad because of it. */
  #lookAtClocks(): void {
    const clock = judgeClock(this.#hints);
    if (clock.kind !== "behind" && clock.kind !== "ahead") return;
    const facts = { clock: clock.kind, minutes: clock.minutes };
    const failure = new Failure("clock-wrong", { params: facts }).data();
    const told = this.#steps.all().filter(({ stage, state }) => stage === "clock" && state === "done");
    // A hint that came later, with a message's date, is none of a greeting.
    const sides: Side[] = told.length > 0 ? told.map(({ side }) => side) : ["incoming"];
    for (const side of sides) this.#steps.set(side, "clock", { state: "warned", failure });
    const there = this.#around.now() + (clock.kind === "behind" ? 1 : -1) * clock.minutes * 60_000;
    for (const { side, stage, from, until } of this.#doubted) if (there > from && there < until) this.#steps.addFacts(side, stage, facts);
  }

  /** Networks that block one door of a server usually let the other through, and many ports are written down with the wrong kind of TLS. */
  async #findAlternative(): Promise<void> {
    const { protocol, incoming, outgoing, via: _via, address: _address, full: _full, ...rest } = this.#settings;
    if (protocol === null) return;
    const [receives, sends] = await Promise.all([
      this.#otherWay("incoming", incoming, protocol),
      this.#otherWay("outgoing", outgoing, "smtp"),
    ]);
    if (receives === null && sends === null) return;
    this.#alternative = { ...rest, protocol, incoming: receives ?? incoming, outgoing: sends ?? outgoing };
  }

  async #otherWay(side: Side, server: ServerSettings, spoken: Spoken): Promise<ServerSettings | null> {
    const failed = this.#steps.failedOf(side);
    if (failed === undefined) return null;
    for (const way of otherWays(server, this.#around.doors[spoken], failed)) {
      const visit = new Visit(way, spoken, this.#settings.via, this.#around, () => undefined);
      try {
        if ((await visit.proxy()) === null) await visit.name();
        await visit.connect();
        if (way.security === "tls") await visit.secure();
        await visit.greet();
        if (way.security === "starttls") await visit.secure();
        visit.chain();
        this.#steps.write(side, `${way.port} ${way.security}: works`);
        return way;
      } catch (error) {
        this.#steps.write(side, `${way.port} ${way.security}: ${asFailure(error).message}`);
      } finally {
        visit.end();
      }
    }
    return null;
  }
}
