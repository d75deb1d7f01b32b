import { domainOf } from "./address.ts";
import type { SenderRule } from "./contract/senders.ts";

/** What the user has said of a sender: of the address before its domain. Undefined: nothing. */
export function ruleFor<Rule extends SenderRule>(rules: readonly Rule[], address: string): Rule | undefined {
  const sender = address.toLowerCase();
  if (!sender.includes("@")) return undefined;
  const domain = domainOf(sender);
  return (
    rules.find(({ scope, value }) => scope === "sender" && value === sender) ??
    rules.find(({ scope, value }) => scope === "domain" && value === domain)
  );
}
