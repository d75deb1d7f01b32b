import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { formatSpan } from "./format.ts";
import { RESOURCES } from "./resources.ts";

export type Language = keyof typeof RESOURCES;

/** The language to show for a setting, or for the system's BCP 47 tag where the setting says `system`. */
export function pickLanguage(setting: "system" | Language, systemTag: string): Language {
  if (setting !== "system") return setting;
  return /^zh\b/iu.test(systemTag) ? "zh-CN" : "en";
}

export function startLanguage(language: Language): void {
  void i18next.use(initReactI18next).init({
    lng: language,
    resources: RESOURCES,
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

export function setLanguage(language: Language): void {
  if (i18next.language !== language) void i18next.changeLanguage(language);
}
