import { startAccounts } from "./accounts.ts";
import { startFolders } from "./folders.ts";
import { startHealth } from "./health.ts";
import { startSession } from "./session.ts";
import { startSettings } from "./settings.ts";

/** Begins reading whatever every page needs. Called once, before the first paint. */
export function startState(): void {
  startSession();
  startSettings();
  startAccounts();
  startFolders();
  startHealth();
}
