import { useEffect } from "react";
import { create } from "zustand";
import { type Address, domainOf } from "../../shared/address.ts";
import type { SenderRule } from "../../shared/contract/senders.ts";
import { ruleFor } from "../../shared/sender-rules.ts";
import { client } from "../client/engine.ts";
import { isMine, useAccounts } from "./accounts.ts";
import { useReader } from "./reader.ts";
import { isWellKnownDomain } from "./recipients.ts";
import { showToast, toastFailure } from "./toasts.ts";

/** Whom the user has blocked or allowed; null until it was read. */
export const useSenders = create<{ rules: readonly SenderRule[] | null }>(() => ({ rules: null }));

let following = false;
function follow(): void {
  if (following) return;
  following = true;
  const read = (): void => {
    client.request("senders.list", {}).then(({ rules }) => useSenders.setState({ rules }), toastFailure);
  };
  client.onConnect(read);
  client.on("senders.changed", read);
}

/** All rules; read when they are first wanted. */
export function useSenderRules(): readonly SenderRule[] | null {
  useEffect(follow, []);
  return useSenders((state) => state.rules);
}

/** What was said of a sender, of the address before its domain. */
export function useRuleFor(address: string): SenderRule | undefined {
  return ruleFor(useSenderRules() ?? [], address);
}

/** Resolves when it is kept; a failure is the caller's to show. */
export async function judge(scope: SenderRule["scope"], value: string, verdict: SenderRule["verdict"] | null): Promise<void> {
  const { rules } = await client.request("senders.judge", { scope, value, verdict });
  useSenders.setState({ rules });
}

/** Says it, tells what it means, and offers to take it back to what was said before. */
export function judgeAloud(scope: SenderRule["scope"], value: string, verdict: SenderRule["verdict"] | null): void {
  const before = useSenders.getState().rules?.find((rule) => rule.scope === scope && rule.value === value)?.verdict ?? null;
  const back = { key: "common:undo", run: () => judge(scope, value, before).catch(toastFailure) };
  judge(scope, value, verdict).then(
    () => showToast({ key: `senders:toast.${verdict ?? "none"}`, params: { who: nameOfRule({ scope, value }) }, action: back }),
    toastFailure,
  );
}

/** As it stands in a list: "ann@shop.example", "@shop.example". */
export function nameOfRule({ scope, value }: Pick<SenderRule, "scope" | "value">): string {
  return scope === "domain" ? `@${value}` : value;
}

/** What may be blocked of a sender: nobody without an address, not the user, and not all people of a large provider. */
export function blockable(from: Address | undefined): { sender: string; domain: string | null } | null {
  const sender = from?.address.toLowerCase() ?? "";
  if (!sender.includes("@") || isMine(sender)) return null;
  const domain = domainOf(sender);
  return { sender, domain: isWellKnownDomain(domain) || isOwnDomain(domain) ? null : domain };
}

function isOwnDomain(domain: string): boolean {
  return useAccounts.getState().accounts.some(({ address }) => domainOf(address) === domain);
}

/** Who wrote the newest message that is open and not the user's own. */
export function openSender(): Address | undefined {
  const { messages } = useReader.getState();
  return messages?.findLast(({ from }) => from[0] !== undefined && !isMine(from[0].address))?.from[0];
}

/** For a key: blocks who wrote what is open, or says why nobody is blocked. */
export function blockOpenSender(scope: SenderRule["scope"]): void {
  const who = blockable(openSender());
  const value = scope === "sender" ? who?.sender : who?.domain;
  if (value === undefined || value === null) {
    showToast({ key: who === null ? "senders:nobodyOpen" : "senders:notTheDomain" });
    return;
  }
  follow();
  judgeAloud(scope, value, "block");
}
