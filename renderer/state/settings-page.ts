import type { Settings } from "../../shared/contract/settings.ts";
import { COMMANDS, type Command } from "./commands.ts";
import type { Shortcut } from "./keys.ts";
import { changeSettings, useSettings } from "./settings.ts";

export const SECTIONS = ["accounts", "appearance", "reading", "writing", "offline", "privacy", "shortcuts", "about"] as const;
export type Section = (typeof SECTIONS)[number];

/** A route's section: `accounts/12` is one account of that section. */
export function parseSection(route: string | null): { section: Section | null; item: number | null } {
  const [name, item] = (route ?? "").split("/");
  const section = SECTIONS.find((one) => one === name) ?? null;
  return { section, item: item === undefined ? null : Number(item) };
}

/** Every row that can be looked for: its section, and the keys of its words in the `settings` texts. */
export const SEARCHABLE: readonly { readonly section: Section; readonly words: readonly string[] }[] = [
  { section: "accounts", words: ["accounts.add"] },
  { section: "accounts", words: ["accounts.servers"] },
  { section: "accounts", words: ["sending:further.title", "sending:further.add"] },
  { section: "accounts", words: ["accounts.password", "accounts.passwordHint"] },
  { section: "accounts", words: ["accounts.identities", "accounts.identitySignature"] },
  { section: "accounts", words: ["accounts.vault"] },
  { section: "accounts", words: ["folders:settings.title", "folders:settings.onlySubscribed"] },
  { section: "appearance", words: ["theme.label", "theme.dark", "theme.light"] },
  { section: "appearance", words: ["language.label", "language.hint"] },
  { section: "appearance", words: ["density.label", "density.hint"] },
  { section: "appearance", words: ["bodyText.label"] },
  { section: "appearance", words: ["motion.label", "motion.hint"] },
  { section: "reading", words: ["grouped.label", "grouped.hint"] },
  { section: "reading", words: ["snippets.label", "snippets.hint"] },
  { section: "reading", words: ["markRead.label", "markRead.hint"] },
  { section: "reading", words: ["monospace.label", "monospace.hint"] },
  { section: "reading", words: ["tell:setting.label", "tell:setting.hint"] },
  { section: "writing", words: ["undoSend.label", "undoSend.hint"] },
  { section: "writing", words: ["upload.label", "upload.hint"] },
  { section: "writing", words: ["signatures.title", "signatures.hint"] },
  { section: "offline", words: ["offline.readable"] },
  { section: "offline", words: ["offline.work", "offline.workHint"] },
  { section: "offline", words: ["offline.index", "offline.rebuildHint"] },
  { section: "privacy", words: ["lock:set.title", "lock:set.hint"] },
  { section: "privacy", words: ["privacy.pictures", "privacy.picturesHint"] },
  { section: "privacy", words: ["privacy.tls", "privacy.tlsHint"] },
  { section: "privacy", words: ["privacy.report", "privacy.reportHint"] },
  { section: "shortcuts", words: ["section.shortcuts", "shortcuts.hint"] },
  { section: "about", words: ["about.version"] },
  { section: "about", words: ["about.report", "about.reportHint"] },
];

/** Keys that the window or the system needs for itself. */
const RESERVED = /^(?:(?:Shift\+)?Tab|Enter|Escape|Space|F5|F11|F12|Mod\+(?:Shift\+)?(?:[cvxwqrtn]|Tab))$/u;

export function isReserved(chord: Shortcut): boolean {
  return RESERVED.test(chord);
}

export function shortcutOf(command: Command, settings: Settings): Shortcut {
  return settings.shortcuts[command.id] ?? command.key;
}

/** The other command that `chord` would set off, or whose sequence it would cut short. */
export function commandInTheWay(chord: Shortcut, of: Command, settings: Settings): Command | null {
  return (
    COMMANDS.find((command) => {
      if (command.id === of.id) return false;
      const key = shortcutOf(command, settings);
      return key === chord || key.startsWith(`${chord} `) || (command.also?.includes(chord) ?? false);
    }) ?? null
  );
}

/** Gives a command another key, taking it from whoever has it. */
export function setShortcut(command: Command, chord: Shortcut, from: Command | null): void {
  const { shortcuts } = useSettings.getState().settings;
  const { [command.id]: _, ...rest } = shortcuts;
  const next = chord === command.key ? rest : { ...rest, [command.id]: chord };
  changeSettings({ shortcuts: from === null ? next : { ...next, [from.id]: "" } });
}

export function resetShortcuts(): void {
  changeSettings({ shortcuts: {} });
}
