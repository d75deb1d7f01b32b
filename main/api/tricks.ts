import { domainToUnicode } from "node:url";
import type { MessageHead } from "../../shared/contract/mail.ts";
import { planTricks, type Trick } from "../plan/tricks.ts";
import { writtenByName } from "../store/contacts.ts";
import { readSenders } from "../store/drafts.ts";
import type { ReadResult } from "../sync/parse-jobs.ts";
import type { Parts } from "./parts.ts";

/** The tricks that a message plays, for the bar above it. */
export function tricksOf({ store }: Parts, { from, replyTo }: MessageHead, { clues }: ReadResult): Trick[] {
  const [sender] = from;
  if (sender === undefined) return [];
  return planTricks({
    from: { name: sender.name, address: inUnicode(sender.address) },
    replyTo,
    bulk: clues.bulk,
    links: clues.links.map(({ named, host }) => ({ named, host: domainToUnicode(host) || host })),
    files: clues.files,
    knownAddresses: sender.name === "" ? [] : writtenByName(store.db, sender.name),
    ownAddresses: readSenders(store.db).map(({ address }) => address.toLowerCase()),
  });
}

function inUnicode(address: string): string {
  const at = address.lastIndexOf("@") + 1;
  return address.slice(0, at) + (domainToUnicode(address.slice(at)) || address.slice(at));
}
