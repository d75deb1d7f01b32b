import type { OAuthClient } from "../../shared/contract/oauth-clients.ts";
import { BrowserSignIns } from "../accounts/browser-sign-ins.ts";
import { OAuthClients, parseClients } from "../accounts/oauth-clients.ts";
import { Tokens, type TokensNeeds } from "../accounts/tokens.ts";
import type { Vault } from "../accounts/vault.ts";
import type { Log } from "../log.ts";
import { systemTimers } from "../sync/timers.ts";
import type { Managed } from "./managed.ts";
import type { Platform } from "./platform.ts";

type Needs = {
  readonly vault: Vault;
  readonly platform: Platform;
  readonly managed: Pick<Managed, "oauthClients" | "checkSignedIn">;
  readonly via: TokensNeeds["via"];
  readonly log: Log;
  readonly clock: () => number;
  readonly onChange: (signInId: string) => void;
  /** BCP 47 of the window, for the page that the browser comes back to. */
  readonly language: () => string;
};

/** Sign-in through the browser, with the client ids of the organisation and the configuration, and the tokens that come of it. */
export function startSignIns({ vault, platform, managed, via, log, clock, onChange, language }: Needs): {
  tokens: Tokens;
  browserSignIns: BrowserSignIns;
} {
  const browserSignIns = new BrowserSignIns({
    clients: new OAuthClients([...managed.oauthClients, ...configuredClients(platform.oauthClients, log)], vault),
    openExternal: (url) => platform.openExternal(url),
    onChange,
    language,
    clock,
    log,
    checkAddress: (address) => managed.checkSignedIn(address),
    after: (ms, work) => systemTimers.after(ms, work),
  });
  return { tokens: new Tokens({ vault, clock, log, via }), browserSignIns };
}

/** A mistake in the configuration takes nobody's mail away. */
function configuredClients(text: string, log: Log): OAuthClient[] {
  try {
    return parseClients(text);
  } catch (error) {
    log.error("sign-in.configuration", error);
    return [];
  }
}
