import { type Address, domainOf } from "../../shared/address.ts";
import type { Vouching } from "../../shared/contract/vouching.ts";
import { type FileDanger, type FileFacts, fileDanger } from "./dangerous-files.ts";
import { imitatedDomain, imitatedKnown } from "./look-alikes.ts";
import { sameOwner } from "./same-owner.ts";

/** What can be known of a message that may want to deceive. Domains are in Unicode, not in punycode. */
export type TrickFacts = {
  readonly from: Address;
  readonly replyTo: readonly Address[];
  /** Sent to many (RFC 2369, RFC 2919): its links go through counters, its answers elsewhere, as a rule. */
  readonly bulk: boolean;
  /** Links whose words name another site. */
  readonly links: readonly { readonly named: string; readonly host: string }[];
  readonly files: readonly FileFacts[];
  /** Addresses of people of the sender's name that the user has written to. */
  readonly knownAddresses: readonly string[];
  readonly ownAddresses: readonly string[];
  /** Domains, in Unicode, of those that the user has written to, and the user's own. */
  readonly knownDomains: readonly string[];
  /** Who answers for the sender's address. */
  readonly vouching: Vouching;
};

export type Trick =
  | FileDanger
  | { readonly kind: "unvouched" | "unvouched-altered"; readonly domain: string }
  | { readonly kind: "name-is-address"; readonly shown: string; readonly real: string }
  | { readonly kind: "known-name"; readonly name: string; readonly known: string; readonly real: string }
  | { readonly kind: "look-alike"; readonly shown: string; readonly looks: string }
  | { readonly kind: "reply-elsewhere"; readonly real: string }
  | { readonly kind: "link-elsewhere"; readonly shown: string; readonly real: string };

/** More are not told: one would have been enough. */
const MOST = 5;

/**
 * The tricks of a message, the one that does most harm first. Calm by design: what honest mail does as well is none. Nothing is told of the
 * user's own mail.
 */
export function planTricks(facts: TrickFacts): Trick[] {
  const sender = facts.from.address.toLowerCase();
  if (sender === "") return [];
  // Mail that only says to be the user's own is the one that is told.
  if (facts.ownAddresses.includes(sender)) return unvouchedTrick(facts);
  const files = facts.files.flatMap((file) => fileDanger(file) ?? []);
  const worst = FILE_ORDER.flatMap((kind) => files.filter((one) => one.kind === kind));
  return [...worst, ...unvouchedTrick(facts), ...nameTricks(facts, sender), ...replyTrick(facts, sender), ...linkTricks(facts)].slice(
    0,
    MOST,
  );
}

const FILE_ORDER: readonly FileDanger["kind"][] = ["disguised", "archive", "program", "macros"];

function unvouchedTrick({ vouching }: TrickFacts): Trick[] {
  if (vouching.kind !== "unvouched") return [];
  return [{ kind: vouching.found === "altered" ? "unvouched-altered" : "unvouched", domain: vouching.domain }];
}

function nameTricks({ from, knownAddresses, knownDomains }: TrickFacts, sender: string): Trick[] {
  const domain = domainOf(sender);
  const looks = imitatedDomain(domain) ?? imitatedKnown(domain, knownDomains);
  const tricks: Trick[] = looks === null ? [] : [{ kind: "look-alike", shown: domain, looks }];
  const shown = ADDRESS_IN_NAME.exec(from.name)?.[0].toLowerCase();
  if (shown !== undefined && !sameOwner(domainOf(shown), domain)) tricks.push({ kind: "name-is-address", shown, real: sender });
  const [known] = knownAddresses;
  if (known !== undefined && from.name !== "" && !knownAddresses.some((one) => sameOwner(domainOf(one), domain)))
    tricks.push({ kind: "known-name", name: from.name, known, real: sender });
  return tricks;
}

const ADDRESS_IN_NAME = /[\w.+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/u;

/** Answers to a company that go to a mailbox anybody can have. Help desks and lists answer elsewhere too, but not there. */
function replyTrick({ replyTo, bulk, ownAddresses }: TrickFacts, sender: string): Trick[] {
  const domain = domainOf(sender);
  const elsewhere = replyTo.find(
    ({ address }) => FREE_MAIL.has(domainOf(address)) && !FREE_MAIL.has(domain) && !ownAddresses.includes(address.toLowerCase()),
  );
  return bulk || elsewhere === undefined ? [] : [{ kind: "reply-elsewhere", real: elsewhere.address }];
}

const FREE_MAIL = new Set(
  "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.jp ymail.com aol.com icloud.com me.com gmx.com gmx.de gmx.net web.de mail.com mail.ru yandex.com yandex.ru proton.me protonmail.com tutanota.com zoho.com qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn aliyun.com naver.com daum.net".split(
    " ",
  ),
);

function linkTricks({ links, bulk }: TrickFacts): Trick[] {
  const tricks: Trick[] = [];
  for (const { named, host } of links) {
    const looks = imitatedDomain(host);
    if (looks !== null) tricks.push({ kind: "look-alike", shown: host, looks });
    else if (!bulk && !sameOwner(named, host)) tricks.push({ kind: "link-elsewhere", shown: named, real: host });
  }
  return tricks.filter((trick, at) => tricks.findIndex((one) => JSON.stringify(one) === JSON.stringify(trick)) === at);
}
