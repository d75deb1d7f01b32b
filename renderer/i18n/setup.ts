import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { formatSpan } from "./format.ts";
import { type Language, wordsOf } from "./words.ts";

/** Begins in a language; settles when its words are here. Called once, before anything is drawn. */
export async function startLanguage(language: Language): Promise<void> {
  void i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: await wordsOf(language) },
    defaultNS: "common",
    fallbackLng: false,
    // Keys hold dots ("toast.archived") and failure codes; nothing nests.
    keySeparator: false,
    interpolation: { escapeValue: false },
    returnNull: false,
    initAsync: false,
  });
  i18next.services.formatter?.add("span", (minutes: number) => formatSpan(minutes));
}

let wanted: Language | null = null;

/** Changes the language of what is on show, as soon as its words are here. */
export async function setLanguage(language: Language): Promise<void> {
  wanted = language;
  if (i18next.language === language) return;
  const words = await wordsOf(language);
  // Somebody may have chosen otherwise meanwhile.
  if (wanted !== language) return;
  for (const [area, texts] of Object.entries(words)) i18next.addResourceBundle(language, area, texts);
  await i18next.changeLanguage(language);
}
