import { createRoot } from "react-dom/client";
import { pickLanguage, startLanguage } from "./i18n/setup.ts";
import { useSettings } from "./state/settings.ts";
import { startState } from "./state/start.ts";
import "./style/tokens.css";
import "./style/base.css";
import "./style/parts.css";
import { App } from "./ui/app.tsx";
import { applySettings } from "./ui/apply-settings.ts";

startState();
startLanguage(pickLanguage(useSettings.getState().settings.language, navigator.language));
applySettings();
const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
