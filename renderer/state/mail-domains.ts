import { useEffect } from "react";
import { create } from "zustand";
import { domainOf } from "../../shared/address.ts";
import type { TakesMail } from "../../shared/contract/compose.ts";
import type { AccountId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { useSettings } from "./settings.ts";

/** What name servers said of domains that were written to since the window was opened; null while they are asked. */
const useAnswers = create<ReadonlyMap<string, TakesMail | null>>(() => new Map());

function note(domain: string, answer: TakesMail | null): void {
  useAnswers.setState((all) => new Map(all).set(domain, answer), true);
}

function ask(domain: string, accountId: AccountId): void {
  const known = useAnswers.getState().get(domain);
  if (known !== undefined && known !== "unknown") return;
  note(domain, null);
  client.request("compose.takesMail", { domain, accountId }).then(
    ({ takes }) => note(domain, takes),
    // It is only a hint: where it cannot be had nothing is said.
    () => note(domain, "unknown"),
  );
}

/** The domains that surely take no mail, as far as is known. */
export function domainsWithoutMail(): ReadonlySet<string> {
  return without(useSettings.getState().settings.askRecipientDomains, useAnswers.getState());
}

function without(asked: boolean, answers: ReadonlyMap<string, TakesMail | null>): ReadonlySet<string> {
  return new Set(asked ? [...answers].flatMap(([domain, takes]) => (takes === "no" ? [domain] : [])) : []);
}

/** As `domainsWithoutMail`, and asks about those of these addresses where the user has chosen so. */
export function useDomainsWithoutMail(addresses: readonly string[], accountId: AccountId): ReadonlySet<string> {
  const asked = useSettings((state) => state.settings.askRecipientDomains);
  const answers = useAnswers();
  const wanted = [...new Set(addresses.filter((address) => address.includes("@")).map(domainOf))].filter((one) => one !== "").join(" ");
  useEffect(() => {
    if (asked && wanted !== "") for (const domain of wanted.split(" ")) ask(domain, accountId);
  }, [asked, wanted, accountId]);
  return without(asked, answers);
}
