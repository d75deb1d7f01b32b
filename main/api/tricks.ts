import { domainToUnicode } from "node:url";
import { domainOf } from "../../shared/address.ts";
import type { MessageHead } from "../../shared/contract/mail.ts";
import type { Vouching } from "../../shared/contract/vouching.ts";
import { planTricks, type Trick } from "../plan/tricks.ts";
import { writtenByName, writtenDomains } from "../store/contacts.ts";
import { readSenders } from "../store/drafts.ts";
import type { ReadResult } from "../sync/parse-jobs.ts";
import type { Parts } from "./parts.ts";

/** The tricks that a message plays, for the bar above it. */
export function tricksOf({ store }: Parts, { from, replyTo }: MessageHead, { clues }: ReadResult, vouching: Vouching): Trick[] {
  const [sender] = from;
  if (sender === undefined) return [];
  const ownAddresses = readSenders(store.db).map(({ address }) => address.toLowerCase());
  return planTricks({
    from: { name: sender.name, address: inUnicode(sender.address) },
    replyTo,
    bulk: clues.bulk,
    links: clues.links.map(({ named, host }) => ({ named, host: domainToUnicode(host) || host })),
    files: clues.files,
    knownAddresses: sender.name === "" ? [] : writtenByName(store.db, sender.name),
    ownAddresses,
    knownDomains: [...new Set([...ownAddresses.map(domainOf), ...writtenDomains(store.db)])].map(
      (domain) => domainToUnicode(domain) || domain,
    ),
    vouching,
  });
}

function inUnicode(address: string): string {
  const at = address.lastIndexOf("@") + 1;
  return address.slice(0, at) + (domainToUnicode(address.slice(at)) || address.slice(at));
}
