import { looksLikeAddress } from "../../shared/address.ts";
import type { SenderRule } from "../../shared/contract/senders.ts";
import { Failure } from "../../shared/failure.ts";
import { judgeSender, senderRules } from "../store/sender-rules.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

/** Whose mail goes to Junk, and whose never does. */
export function sendersHandlers({ store }: Pick<Parts, "store">): Pick<Handlers, "senders.list" | "senders.judge"> {
  const list = (): { rules: SenderRule[] } => ({
    rules: senderRules(store.db).map(({ scope, value, verdict }) => ({ scope, value, verdict })),
  });
  return {
    "senders.list": list,
    "senders.judge": ({ scope, value, verdict }) => {
      judgeSender(store, scope, verdict === null ? value : asKept(scope, value), verdict);
      return list();
    },
  };
}

/** @throws Failure `bad-address` */
function asKept(scope: SenderRule["scope"], typed: string): string {
  const value = typed.trim().toLowerCase();
  const address = scope === "sender" ? value : `anybody@${value.replace(/^@/u, "")}`;
  if (!looksLikeAddress(address)) throw new Failure("bad-address", { params: { address: typed } });
  return scope === "sender" ? value : value.replace(/^@/u, "");
}
