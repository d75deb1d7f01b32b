import type { ServerSettings } from "../../shared/contract/accounts.ts";
import type { SendingServer } from "../../shared/contract/health.ts";
import type { FailureData } from "../../shared/failure.ts";
import type { AccountId, OutgoingServerId } from "../../shared/ids.ts";
import { Stranger } from "../plan/captive-portal.ts";
import type { Over } from "../plan/timeline.ts";
import { planWay } from "../plan/ways.ts";
import { type Breakers, Gate } from "./gate.ts";
import type { OutboxOptions, SendingSettings } from "./options.ts";

/** One server that an account sends over. */
export type Way = {
  /** null: the one of the account's settings. */
  readonly id: OutgoingServerId | null;
  readonly server: ServerSettings;
  readonly gate: Gate;
  readonly stranger: Stranger;
};

/** `last`: after it there is none that the user has agreed to. */
export type Next =
  | { readonly kind: "use"; readonly way: Way; readonly last: boolean; readonly instead: Over["instead"] }
  | { readonly kind: "wait"; readonly until: number };

/** The outgoing servers of one account as its settings have them now, each with its gate. */
export class Ways {
  readonly #account: AccountId;
  readonly #o: OutboxOptions;
  readonly #breakers: Breakers;
  readonly #known = new Map<string, Pick<Way, "gate" | "stranger">>();
  readonly #stopped = new Map<Gate, FailureData>();

  constructor(account: AccountId, options: OutboxOptions, breakers: Breakers) {
    this.#account = account;
    this.#o = options;
    this.#breakers = breakers;
  }

  /** Those that the user has agreed to, in their order; empty while the account is paused or gone. */
  all(): Way[] {
    return this.#of(this.#o.settingsFor(this.#account));
  }

  /** Of the account's own server; null while there is none. */
  get first(): Gate | null {
    return this.all()[0]?.gate ?? null;
  }

  #of(settings: SendingSettings | null): Way[] {
    if (settings === null) return [];
    const ways = [this.#way(null, settings.server)];
    for (const { id, server } of settings.further?.servers ?? []) {
      const way = this.#way(id, server);
      if (!ways.some(({ gate }) => gate === way.gate)) ways.push(way);
    }
    return ways;
  }

  #way(id: OutgoingServerId | null, server: ServerSettings): Way {
    const key = `${server.host}:${server.port}`;
    let known = this.#known.get(key);
    if (known === undefined) {
      known = { gate: new Gate(this.#account, server, this.#o, this.#breakers), stranger: new Stranger() };
      this.#known.set(key, known);
    }
    return { id, server, ...known };
  }

  /**
   * What the next message goes over.
   *
   * @param connected whether there is an open connection to it
   */
  next(connected: (gate: Gate) => boolean): Next {
    const settings = this.#o.settingsFor(this.#account);
    const ways = this.#of(settings);
    const states = ways.map(({ gate }) => ({ ...gate.standing, connected: connected(gate), stopped: this.#stopped.has(gate) }));
    const plan = planWay(states, settings?.further?.fallback ?? "none", this.#o.clock());
    if (plan.kind === "wait") return plan;
    const [first] = ways;
    const way = ways[plan.at];
    if (first === undefined || way === undefined) return { kind: "wait", until: Number.POSITIVE_INFINITY };
    const failure = plan.at === 0 ? null : first.gate.obstacle;
    return { kind: "use", way, last: plan.at === ways.length - 1, instead: failure && { of: first.gate.server, failure } };
  }

  /** Nothing goes over it until the user has done something. @returns false when that was known */
  stop({ gate }: Way, failure: FailureData): boolean {
    const known = this.#stopped.has(gate);
    this.#stopped.set(gate, failure);
    return !known;
  }

  /** How they stand. @param stopped why nothing goes over the account's own */
  health(stopped: FailureData | null): SendingServer[] {
    return this.all().map(({ id, gate }) => gate.health(id === null ? stopped : (this.#stopped.get(gate) ?? null)));
  }

  /** The network is back: no more waiting for any of them. */
  hurry(): void {
    for (const { gate } of this.all()) gate.hurry();
  }

  /** The user asks, or has mended something: whatever kept mail back is put aside. */
  force(): void {
    this.#stopped.clear();
    for (const { gate } of this.all()) gate.force();
  }
}
