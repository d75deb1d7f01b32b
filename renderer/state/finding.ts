import type { Lookup } from "../../shared/contract/accounts.ts";
import type { Wizard } from "./wizard.ts";

/** What was found and is about to be tried; null for what the user has written by hand, and for an account that exists. */
export function foundSettings({ accountId, settingsChanged, lookup, candidate }: Wizard): Lookup["settings"][number] | null {
  return accountId === null && !settingsChanged ? (lookup?.settings[candidate] ?? null) : null;
}

/** Whether nothing may be tried before the user has agreed. */
export function needsWord(wizard: Wizard): boolean {
  return foundSettings(wizard)?.confirm === true && !wizard.agreed;
}

const ASKED = new Set(["autoconfig", "exchanger", "srv"]);
const NO_ANSWER = new Set(["unreachable", "slow", "untrusted"]);

/** Nobody who was asked over the network has answered as themselves. */
export function networkTrouble(looked: Lookup["looked"]): boolean {
  const asked = looked.filter(({ source }) => ASKED.has(source));
  return asked.length > 0 && asked.every(({ outcome }) => NO_ANSWER.has(outcome));
}
