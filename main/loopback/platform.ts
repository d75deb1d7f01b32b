import type { Platform } from "../engine/platform.ts";
import { KeySecrets, keyFolder } from "../host/key-secrets.ts";
import { findPolicy } from "../host/policy.ts";
import { systemName } from "../host/system.ts";
import { watchSystem } from "../host/system-watch.ts";
import { routesFromEnvironment } from "../plan/proxy.ts";
import { openExternal } from "./open-external.ts";

/** What this host can do for the engine: little, since its windows belong to a browser. */
export function loopbackPlatform(options: {
  profileDir: string;
  language: string;
  version: string;
  startDemo: Platform["startDemo"];
}): Platform {
  const { profileDir, language, version, startDemo } = options;
  return {
    host: "loopback",
    system: systemName(process.platform),
    version,
    language,
    oauthClients: process.env["SATCHEL_OAUTH_CLIENTS"] ?? "",
    policy: findPolicy(process.platform, process.env),
    secrets: new KeySecrets(profileDir, keyFolder(process.env)),
    openExternal,
    openFile: null,
    startDrag: null,
    savePdf: null,
    markForeign: null,
    chooseFolder: null,
    openDateSettings: null,
    tell: null,
    badge: null,
    systemUnlock: null,
    startDemo,
    systemProxy: (host, port) => Promise.resolve(routesFromEnvironment(process.env, host, port)),
    watch: watchSystem,
  };
}
