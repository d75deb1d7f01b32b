import { systemPreferences } from "electron";
import { Failure } from "../../shared/failure.ts";
import type { SystemUnlock } from "../engine/platform.ts";

/** Touch ID. Electron offers nothing of the kind on Windows and Linux (decision 0071). */
export function systemUnlock(platform: NodeJS.Platform): SystemUnlock | null {
  if (platform !== "darwin") return null;
  return {
    ready: () => Promise.resolve(systemPreferences.canPromptTouchID()),
    ask: async (reason) => {
      try {
        await systemPreferences.promptTouchID(reason);
      } catch (error) {
        throw new Failure("system-unlock-refused", { cause: error });
      }
    },
  };
}
