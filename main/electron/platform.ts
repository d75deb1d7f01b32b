import { dialog, powerMonitor, shell } from "electron";
import { Failure } from "../../shared/failure.ts";
import type { HostSignal, Platform } from "../engine/platform.ts";
import { markForeign } from "../host/foreign-file.ts";
import { KeySecrets, keyFolder } from "../host/key-secrets.ts";
import { findPolicy } from "../host/policy.ts";
import { systemName } from "../host/system.ts";
import { watchSystem } from "../host/system-watch.ts";
import { dateSettings } from "./date-settings.ts";
import { startDrag } from "./drag.ts";
import { badge, notify } from "./notify.ts";
import { savePdf } from "./paper.ts";
import { ElectronSecrets } from "./secrets.ts";
import { systemProxy } from "./system-proxy.ts";
import { systemUnlock } from "./system-unlock.ts";

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
    oauthClients: process.env["SATCHEL_OAUTH_CLIENTS"] ?? "",
    policy: findPolicy(process.platform, process.env),
    secrets: new ElectronSecrets(process.platform, new KeySecrets(profileDir, keyFolder(process.env))),
    openExternal: (url) => shell.openExternal(url),
    openFile: async (path) => {
      const problem = await shell.openPath(path);
      if (problem !== "") throw new Failure("not-supported", { cause: new Error(problem) });
    },
    startDrag,
    savePdf,
    markForeign: (path) => markForeign(systemName(process.platform), path),
    chooseFolder: async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog({ properties: ["openDirectory", "createDirectory"] });
      return canceled ? null : (filePaths[0] ?? null);
    },
    openDateSettings: dateSettings(process.platform),
    tell: notify,
    badge,
    systemUnlock: systemUnlock(process.platform),
    startDemo,
    systemProxy,
    watch,
  };
}

/** The system tells of sleep and power at once; the network and whether it is metered are looked at. */
function watch(listener: (signal: HostSignal) => void): () => void {
  let metered: boolean | null = null;
  const tell = (): void => listener({ kind: "conditions", onBattery: powerMonitor.isOnBatteryPower(), metered });
  const woke = (): void => listener({ kind: "woke" });
  powerMonitor.on("resume", woke);
  powerMonitor.on("on-battery", tell);
  powerMonitor.on("on-ac", tell);
  const unwatch = watchSystem((signal) => {
    if (signal.kind !== "conditions") return listener(signal);
    metered = signal.metered;
    tell();
  });
  return () => {
    unwatch();
    powerMonitor.off("resume", woke);
    powerMonitor.off("on-battery", tell);
    powerMonitor.off("on-ac", tell);
  };
}
