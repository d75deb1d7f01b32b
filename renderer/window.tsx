import { createRoot } from "react-dom/client";
import { client } from "./client/engine.ts";
import { startLanguage } from "./i18n/setup.ts";
import { pickLanguage } from "./i18n/words.ts";
import { useSettings } from "./state/settings.ts";
import "./style/tokens.css";
import "./style/base.css";
import "./style/parts.css";
import { App } from "./ui/app.tsx";
import { applySettings } from "./ui/apply-settings.ts";
import { applyFonts } from "./ui/fonts.ts";

const FIRST_ANSWERS_MS = 250;

// Drawn once with what the engine says, not three times with more and more of it; when it takes its time, with what there is.
await client.whenAnswered(FIRST_ANSWERS_MS);
await startLanguage(pickLanguage(useSettings.getState().settings.language, navigator.language));
applyFonts();
applySettings();
const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
