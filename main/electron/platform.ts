import { dialog, shell } from "electron";
import { Failure } from "../../shared/failure.ts";
import type { Platform } from "../engine/platform.ts";
import { KeySecrets, keyFolder } from "../host/key-secrets.ts";
import { systemName } from "../host/system.ts";
import { ElectronSecrets } from "./secrets.ts";

/** What Electron can do for the engine. */
export function electronPlatform(options: {
  profileDir: string;
  language: string;
  version: string;
  startDemo: Platform["startDemo"];
}): Platform {
  const { profileDir, language, version, startDemo } = options;
  return {
    host: "electron",
    system: systemName(process.platform),
    version,
    language,
    secrets: new ElectronSecrets(process.platform, new KeySecrets(profileDir, keyFolder(process.env))),
    openExternal: (url) => shell.openExternal(url),
    openFile: async (path) => {
      const problem = await shell.openPath(path);
      if (problem !== "") throw new Failure("not-supported", { cause: new Error(problem) });
    },
    chooseFolder: async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog({ properties: ["openDirectory", "createDirectory"] });
      return canceled ? null : (filePaths[0] ?? null);
    },
    startDemo,
  };
}
