import { existsSync } from "node:fs";
import type { DemoServers, Platform } from "../engine/platform.ts";
import { systemName } from "../host/system.ts";
import { openExternal } from "./open-external.ts";
import { keyFolder, LoopbackSecrets } from "./secrets.ts";

type DemoModule = { startDemo(options: { lang: string }): Promise<DemoServers> };

/** What this host can do for the engine: little, since its windows belong to a browser. */
export function loopbackPlatform(options: { profileDir: string; language: string; version: string; demoModule: URL | null }): Platform {
  const { profileDir, language, version, demoModule } = options;
  return {
    host: "loopback",
    system: systemName(process.platform),
    version,
    language,
    secrets: new LoopbackSecrets(profileDir, keyFolder(process.env)),
    openExternal,
    openFile: null,
    chooseFolder: null,
    startDemo: demoModule === null ? null : once(() => startDemo(demoModule, language)),
  };
}

async function startDemo(demoModule: URL, language: string): Promise<DemoServers> {
  const { startDemo: start } = (await import(/* @vite-ignore */ demoModule.href)) as DemoModule;
  return start({ lang: language.startsWith("zh") ? "zh-CN" : "en" });
}

/** The demo's servers live in the source tree, not in the product. */
export function demoModule(projectDir: URL): URL | null {
  const url = new URL("test/servers/demo/start.ts", projectDir);
  return existsSync(url) ? url : null;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
