import type { Lookup } from "../../shared/contract/accounts.ts";
import type { Wizard } from "./wizard.ts";

/** What was found and is about to be tried; null for what the user has written by hand, and for an account that exists. */
export function foundSettings({ accountId, settingsChanged, lookup, candidate }: Wizard): Lookup["settings"][number] | null {
  return accountId === null && !settingsChanged ? (lookup?.settings[candidate] ?? null) : null;
}

/** A finding by its place in the list of candidates. */
export type Choice = { readonly candidate: number; readonly found: Lookup["settings"][number] };

/**
 * What was found in several places that do not agree, for the protocol that is about to be tried; empty where there is nothing to choose. Guesses are not
 * offered: they give way to each other by themselves.
 */
export function choicesOf(wizard: Wizard): Choice[] {
  const now = foundSettings(wizard);
  if (now === null || wizard.lookup === null) return [];
  const choices = wizard.lookup.settings
    .map((found, candidate) => ({ found, candidate }))
    .filter(({ found }) => found.source !== "guess" && found.settings.protocol === now.settings.protocol);
  const ofOthers = new Set(choices.map(({ found }) => `${found.source} ${found.from}`));
  return ofOthers.size > 1 ? choices : [];
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
