import { isMac } from "./session.ts";

/** Shortcuts are written `Mod+Shift+A` (Mod = ⌘ or Ctrl), single keys as they are typed (`c`, `#`, `?`), sequences with a blank (`g i`), no key at all as "". */
export type Shortcut = string;

const CAPS: Record<string, string> = {
  Enter: "↵",
  Escape: "Esc",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Delete: "Del",
  Space: "␣",
  Tab: "⇥",
};

/** What is printed on the keys: chords of caps. */
export function keyCaps(shortcut: Shortcut): string[][] {
  if (shortcut === "") return [];
  return shortcut.split(" ").map((chord) =>
    splitChord(chord).map((part) => {
      if (part === "Mod") return isMac() ? "⌘" : "Ctrl";
      if (part === "Shift") return "⇧";
      if (part === "Alt") return isMac() ? "⌥" : "Alt";
      return CAPS[part] ?? part.toUpperCase();
    }),
  );
}

/** The same in one short string, for tooltips and menus. */
export function shortcutText(shortcut: Shortcut): string {
  return keyCaps(shortcut)
    .map((chord) => chord.join(isMac() ? "" : "+"))
    .join(" ");
}

/** The chord that an event is, in the spelling of a shortcut. Shift counts only where it does not change the character already. */
export function chordOf(event: KeyboardEvent): string {
  const mod = isMac() ? event.metaKey : event.ctrlKey;
  const single = event.key.length === 1;
  const key = event.key === " " ? "Space" : single ? event.key.toLowerCase() : event.key;
  const letter = single && event.key.toLowerCase() !== event.key.toUpperCase();
  const shift = event.shiftKey && (!single || letter || mod);
  return `${mod ? "Mod+" : ""}${event.altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${key}`;
}

function splitChord(chord: string): string[] {
  return chord === "+" ? ["+"] : chord.split("+");
}

/** Keys never fire while an input method composes, nor while something is typed. Chords with Mod do work in fields. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === 229) return true;
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  const field = target.closest("input, textarea, select, [contenteditable]:not([contenteditable='false'])");
  return field !== null && !(field instanceof HTMLInputElement && ["checkbox", "radio", "button"].includes(field.type));
}
