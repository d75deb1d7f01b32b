import type { Vouching } from "../../shared/contract/vouching.ts";
import { sameOwner } from "./same-owner.ts";

/** What signatures and DNS say of a message. Domains are as DNS has them. */
export type Findings = {
  /** The domain of the sender's address; "" when there is not exactly one. */
  readonly from: string;
  /** What that domain asks for mail that nobody vouches for. */
  readonly policy: "none" | "quarantine" | "reject" | "unknown";
  /** Whose signature, that may stand for the sender, is good. */
  readonly signed: string | null;
  /** One of its signatures could not be judged, or covers a part only. */
  readonly doubt: boolean;
  /** One of its signatures does not fit the message. */
  readonly altered: boolean;
  /** Where it was sent from by its Return-Path; `elsewhere`: SPF cannot vouch. */
  readonly path: "same" | "elsewhere" | "unknown";
  /** Servers on the way that sealed what they found; null = none, or it makes no difference. */
  readonly chain: { readonly sealer: string; readonly result: "pass" | "fail" | "unknown"; readonly first: readonly ServerResult[] } | null;
};

export type ServerResult = {
  readonly method: string;
  readonly result: string;
  readonly comment: string;
  readonly properties: Readonly<Record<string, string>>;
};

/** What the account's own server wrote about the message, the topmost first. */
export type ServerWord = { readonly server: string; readonly results: readonly ServerResult[] };

/** Whose seal says something to us: providers that forward for millions and check what they seal. */
const SEALERS = new Set(
  "google.com googlegroups.com microsoft.com outlook.com messagingengine.com fastmail.com icloud.com yahoo.com".split(" "),
);

/** Whether a domain might stand for another one at all: only then somebody is asked about it. */
export function vouchable(domain: string, from: string): boolean {
  return sameOwner(domain, from);
}

/** What the account's server says; null when it says nothing that settles it. */
export function vouchedByServer(from: string, words: readonly ServerWord[]): Vouching | null {
  const [first] = words;
  if (first === undefined || from === "") return null;
  const all = words.flatMap(({ results }) => results);
  const dmarc = all.find(({ method }) => method === "dmarc");
  const { server } = first;
  const signed = all.find(
    ({ method, result, properties }) => method === "dkim" && result === "pass" && vouchable(signerOf(properties), from),
  );
  if (dmarc !== undefined && sameDomain(dmarc.properties["header.from"], from)) {
    if (dmarc.result === "pass") {
      const by = signed === undefined ? from : signerOf(signed.properties);
      return signed !== undefined || !all.some(({ method, result }) => method === "spf" && result === "pass")
        ? { kind: "signed", domain: by, server }
        : { kind: "path", domain: from, server };
    }
    if (dmarc.result === "fail") return failedAtServer(first, dmarc, from);
  }
  // Without a word on DMARC a signature has to be of the very domain or one below or above it.
  return signed === undefined ? null : { kind: "signed", domain: signerOf(signed.properties), server };
}

function failedAtServer({ server, results }: ServerWord, dmarc: ServerResult, from: string): Vouching | null {
  const forwarded = results.some(({ method, result }) => method === "arc" && result === "pass");
  if (forwarded) return { kind: "forwarded", domain: from, through: "", server };
  const policy =
    /\bp=(\w+)/iu.exec(dmarc.comment)?.[1] ?? dmarc.properties["policy.dmarc"] ?? dmarc.properties["policy.published-domain-policy"];
  if (!/^(?:quarantine|reject)$/iu.test(policy ?? "")) return null;
  const altered = results.some(
    ({ method, result, properties }) => method === "dkim" && result === "fail" && vouchable(signerOf(properties), from),
  );
  return { kind: "unvouched", domain: from, found: altered ? "altered" : "nothing", server };
}

function signerOf(properties: ServerResult["properties"]): string {
  const identity = properties["header.i"] ?? "";
  return (properties["header.d"] ?? identity.slice(identity.lastIndexOf("@") + 1)).toLowerCase().replace(/\.$/u, "");
}

function sameDomain(one: string | undefined, other: string): boolean {
  return one === undefined || one.toLowerCase().replace(/\.$/u, "") === other;
}

/** What was found here. Nothing is said against a message unless all that could vouch for it was looked at and does not. */
export function vouchedHere(findings: Findings): Vouching {
  const { from, policy, signed, doubt, altered, path, chain } = findings;
  if (signed !== null) return { kind: "signed", domain: signed, server: "" };
  if (from === "" || (policy !== "quarantine" && policy !== "reject")) return { kind: "unknown" };
  if (chain !== null && SEALERS.has(ownerName(chain.sealer))) {
    if (chain.result === "unknown") return { kind: "unknown" };
    if (chain.result === "pass" && chain.first.some(({ method, result }) => method === "dmarc" && result === "pass"))
      return { kind: "forwarded", domain: from, through: chain.sealer, server: "" };
  }
  if (doubt || path !== "elsewhere") return { kind: "unknown" };
  return { kind: "unvouched", domain: from, found: altered ? "altered" : "nothing", server: "" };
}

function ownerName(domain: string): string {
  return domain.split(".").slice(-2).join(".");
}

/** Whether the answer may be another one next time: DNS did not answer for something. */
export function mayChange({ policy, doubt, chain }: Findings, vouching: Vouching): boolean {
  return vouching.kind === "unknown" && (policy === "unknown" || doubt || chain?.result === "unknown");
}
