import { setLanguage } from "../i18n/setup.ts";
import { pickLanguage } from "../i18n/words.ts";
import { useSession } from "../state/session.ts";
import { useSettings } from "../state/settings.ts";

/** Keeps theme, density, language and motion of the page as the settings say, for as long as the window lives. */
export function applySettings(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = (): void => {
    const { settings } = useSettings.getState();
    const page = document.documentElement;
    const language = pickLanguage(settings.language, useSession.getState().hello?.language ?? navigator.language);
    page.dataset["theme"] = settings.theme === "system" ? (dark.matches ? "dark" : "light") : settings.theme;
    page.dataset["density"] = settings.density;
    page.dataset["motion"] = settings.reduceMotion;
    page.lang = language;
    page.style.setProperty("--body-text", settings.bodyTextPx === 15 ? "var(--type-body)" : `${settings.bodyTextPx}px`);
    void setLanguage(language);
  };
  useSettings.subscribe(apply);
  useSession.subscribe(apply);
  dark.addEventListener("change", apply);
  apply();
}
