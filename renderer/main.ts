import { startState } from "./state/start.ts";

// Small, and first: the engine has answered by the time the rest of the window, which the page preloads, has come.
startState();
void import("./window.tsx");
