/** The window's languages, each with its words in a file of its own: a window reads one of them before its first paint, and rarely the other. */
const WORDS = {
  en: () => import("./en.ts"),
  "zh-CN": () => import("./zh-CN.ts"),
} as const;

export type Language = keyof typeof WORDS;

/** The language to show for a setting, or for the system's BCP 47 tag where the setting says `system`. */
export function pickLanguage(setting: "system" | Language, systemTag: string): Language {
  if (setting !== "system") return setting;
  return /^zh\b/iu.test(systemTag) ? "zh-CN" : "en";
}

/** The words of a language, by area. Asked for again, they are here already. */
export async function wordsOf(language: Language): Promise<Record<string, Record<string, string>>> {
  return (await WORDS[language]()).words;
}
