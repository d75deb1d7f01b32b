import { domainToASCII } from "node:url";
import { domainOf, looksLikeAddress } from "../../shared/address.ts";
import type { AccountSettings, Looked, Lookup } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import { isServerName } from "../plan/listed-servers.ts";
import {
  byAutoconfig,
  byDatabase,
  byExchanger,
  byGuess,
  byOnlineList,
  bySrv,
  type Finders,
  type Finding,
  type Stage,
} from "./find-settings.ts";
import { type Provider, providerOfDomain, providerOfHost, providerSettings } from "./presets.ts";

/** What an organisation has set for its computers. */
export type Organisation = {
  readonly organisation: string;
  /** @throws Failure `set-by-organisation` */
  checkAddress(address: string): void;
  serversFor(address: string): readonly AccountSettings[];
};
const NOBODY: Organisation = { organisation: "", checkAddress: () => undefined, serversFor: () => [] };

/**
 * What is known about an address. A preset by its domain asks nobody; else all are asked at once, each with a deadline, and the first by rank that can be
 * trusted wins: the domain's own configuration file, the provider list that comes with the program, that list as it stands today, whoever takes the
 * domain's mail, SRV records. What needs the user's word stands behind what does not. Where nothing is found there are guesses. Nobody hears of more than the
 * domain.
 *
 * @param organisation whose word comes before all others
 * @param finders null while the user works offline: nobody is asked then
 * @throws Failure `bad-address`, `set-by-organisation`
 */
export async function lookUp(address: string, finders: Finders | null, organisation: Organisation = NOBODY): Promise<Lookup> {
  const trimmed = address.trim();
  if (!looksLikeAddress(trimmed)) throw new Failure("bad-address", { params: { address: trimmed } });
  organisation.checkAddress(trimmed);
  const set = organisation.serversFor(trimmed);
  if (set.length > 0) {
    const findings = set.map((settings) => ({ source: "policy", from: organisation.organisation, confirm: false, settings }) as const);
    return answer({ findings, looked: [] }, []);
  }
  const provider = providerOfDomain(domainOf(trimmed));
  if (provider !== undefined) {
    const settings = providerSettings(provider, trimmed).map(
      (one) => ({ source: "preset", from: "", confirm: false, settings: one }) as const,
    );
    return answer({ findings: settings, looked: [], provider }, []);
  }
  const domain = domainToASCII(domainOf(trimmed));
  const listed = byDatabase(trimmed, domain);
  // Nobody can be asked about "localhost" or an address in brackets.
  if (finders === null || !isServerName(domain)) return answer(listed, listed.looked);
  const known = listed.findings.length > 0;
  return await firstTrusted(
    [
      byAutoconfig(trimmed, domain, known, finders),
      listed,
      byOnlineList(trimmed, domain, finders),
      ...(known ? [] : [byExchanger(trimmed, domain, finders), bySrv(trimmed, domain, finders)]),
    ],
    known ? null : () => byGuess(trimmed, domain, finders),
  );
}

const NOT_YET = Promise.resolve(null);

/** Waits for the stages in the order of their rank, and for none behind one that can be trusted. */
async function firstTrusted(stages: readonly (Stage | Promise<Stage>)[], guesses: (() => Promise<Stage>) | null): Promise<Lookup> {
  const ended: Stage[] = [];
  /** Once somebody can be trusted: the protocols that they name. Others' are no choice beside those. */
  let known: ReadonlySet<string> | null = null;
  for (const stage of stages) {
    if (known === null) {
      const now = await stage;
      ended.push(now);
      if (now.findings.some(({ confirm }) => !confirm)) known = new Set(now.findings.map(({ settings }) => settings.protocol));
      continue;
    }
    const offered: ReadonlySet<string> = known;
    // Only those who have answered already, so that the user can choose where they say otherwise.
    const late: Stage | null = await Promise.race([stage, NOT_YET]);
    if (late !== null) ended.push({ ...late, findings: late.findings.filter(({ settings }) => offered.has(settings.protocol)) });
  }
  const trusted = (stage: Stage): number => (stage.findings.some(({ confirm }) => !confirm) ? 0 : 1);
  const best = ended.filter(({ findings }) => findings.length > 0).toSorted((a, b) => trusted(a) - trusted(b));
  const looked = ended.flatMap((stage) => stage.looked);
  const [first] = best;
  if (first !== undefined) return answer({ ...first, findings: differing(best.flatMap(({ findings }) => findings)) }, looked);
  if (guesses === null) return answer({ findings: [], looked: [] }, looked);
  // Last, so that nobody is knocked at while somebody may know.
  const guessed = await guesses();
  return answer(guessed, [...looked, ...guessed.looked]);
}

/** What two say is said by the better one. */
function differing(findings: readonly Finding[]): Finding[] {
  const placeOf = ({ settings: { protocol, incoming, outgoing } }: Finding): string =>
    [protocol, incoming.host, incoming.port, outgoing.host, outgoing.port].join(" ").toLowerCase();
  return findings.filter((one, at) => findings.findIndex((other) => placeOf(other) === placeOf(one)) === at);
}

function answer(stage: Stage, looked: readonly Looked[]): Lookup {
  const ordered = [...stage.findings.filter(isImap), ...stage.findings.filter((finding) => !isImap(finding))];
  // A company's file may lead to a provider whose walkthrough is known.
  const provider: Provider | undefined = stage.provider ?? providerOfHost(ordered[0]?.settings.incoming.host ?? "");
  return {
    provider: provider?.key ?? null,
    settings: ordered,
    secret: provider?.secret ?? (stage.browserOnly === true ? "browser" : "password"),
    helpUrl: provider?.helpUrl ?? null,
    looked: [...looked],
  };
}

/** Nobody gets POP3 without having asked for it. */
const isImap = ({ settings }: Finding): boolean => settings.protocol === "imap";
