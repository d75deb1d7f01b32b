import type { Store } from "../store/open.ts";
import { readSettings } from "../store/settings.ts";

/** The window's, as BCP 47. */
export function languageOf(store: Store, system: string): string {
  const { language } = readSettings(store);
  return language === "system" ? system : language;
}

/** The folder for mail of which only the file was left. Kept in the store as other folders' names are. */
const RECOVERED = { en: "Recovered", zh: "恢复的邮件" };

/** Its name in this language, then those by which an earlier one is known. */
export function recoveredNames(language: string): readonly [string, string] {
  return language.startsWith("zh") ? [RECOVERED.zh, RECOVERED.en] : [RECOVERED.en, RECOVERED.zh];
}
