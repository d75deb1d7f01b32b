/** Ends of sentences that bring their own room (full width). */
const OWN_ROOM = /[。！？；：，、…」』）]$/u;

/** What stands between these words and a sentence after them: a blank, unless they end full width. */
export function gapAfter(words: unknown): "" | " " {
  return typeof words === "string" && OWN_ROOM.test(words) ? "" : " ";
}

/** Sentences one after the other, as both languages set them; those that are empty or missing are left out. */
export function sentences(...parts: readonly (string | null | undefined | false)[]): string {
  return parts
    .filter((part): part is string => typeof part === "string" && part !== "")
    .reduce((before, part) => (before === "" ? part : `${before}${gapAfter(before)}${part}`), "");
}
