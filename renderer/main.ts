import { pickLanguage, wordsOf } from "./i18n/words.ts";
import { useSettings } from "./state/settings.ts";
import { startState } from "./state/start.ts";

// Small, and first: the engine has answered by the time the rest of the window, which the page preloads, has come.
startState();
void wordsOf(pickLanguage(useSettings.getState().settings.language, navigator.language));
void import("./window.tsx");
