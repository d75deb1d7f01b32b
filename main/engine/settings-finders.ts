import { Resolver } from "node:dns/promises";
import { join } from "node:path";
import { answersTls } from "../accounts/answers-tls.ts";
import { configFetcher } from "../accounts/fetch-config.ts";
import type { Finders } from "../accounts/find-settings.ts";
import { ProviderAnswers } from "../accounts/provider-answers.ts";
import type { Via } from "../plan/proxy.ts";

const DNS_MS = 3000;
/** The domain has no such name, or no record of this kind there. Everything else is no answer. */
const NO_RECORD = new Set(["ENOTFOUND", "ENODATA"]);

type Needs = {
  readonly profileDir: string;
  readonly via: Via;
  /** False: the way is a proxy of the account's own, and this network's name servers are not to hear whom it goes to. */
  readonly asksNames: boolean;
  readonly clock: () => number;
  readonly random: () => number;
  /** Whether the user has chosen that Thunderbird's list is asked. */
  readonly asksList: () => boolean;
};

/** How strangers are asked for an account's settings in the program: on this way, and at the system's name servers. */
export function settingsFinders({ profileDir, via, asksNames, clock, random, asksList }: Needs): Finders {
  const fetchConfig = configFetcher(via);
  const answers = new ProviderAnswers(join(profileDir, "provider-answers.json"), fetchConfig, clock);
  return {
    fetchConfig,
    resolveMx: async (domain) => {
      const found = asksNames ? await orNone((resolver) => resolver.resolveMx(domain)) : [];
      return found.toSorted((a, b) => a.priority - b.priority).map(({ exchange }) => exchange);
    },
    resolveSrv: (name) => (asksNames ? orNone((resolver) => resolver.resolveSrv(name)) : Promise.resolve([])),
    answers: (host, port) => answersTls(host, port, via),
    get onlineList() {
      return asksList() ? (domain: string, signal: AbortSignal) => answers.ask(domain, signal) : null;
    },
    within: (ms) => AbortSignal.timeout(ms),
    roll: random,
  };
}

async function orNone<T>(ask: (resolver: Resolver) => Promise<T[]>): Promise<T[]> {
  try {
    return await ask(new Resolver({ timeout: DNS_MS, tries: 1 }));
  } catch (error) {
    if (error instanceof Error && "code" in error && NO_RECORD.has(String(error.code))) return [];
    throw error;
  }
}
