import { ImapAccount } from "./imap-account.ts";
import { Pop3Account } from "./pop3-account.ts";
import type { AccountOptions, RunningAccount } from "./running-account.ts";

/** Runs the account until it is stopped. */
export function startAccount(options: AccountOptions): RunningAccount {
  return options.account.settings.protocol === "pop3" ? new Pop3Account(options) : new ImapAccount(options);
}
