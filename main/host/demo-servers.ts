import { existsSync } from "node:fs";
import type { DemoServers, Platform } from "../engine/platform.ts";

type DemoModule = { startDemo(options: { lang: string }): Promise<DemoServers> };

/** How the demo mailbox is started, once; null where its servers are not, since they lie in the source tree and not in the product. */
export function demoStarter(projectDir: URL, language: string): Platform["startDemo"] {
  const module = new URL("test/servers/demo/start.ts", projectDir);
  if (!existsSync(module)) return null;
  let started: Promise<DemoServers> | null = null;
  return () => {
    started ??= start(module, language);
    return started;
  };
}

async function start(module: URL, language: string): Promise<DemoServers> {
  const { startDemo } = (await import(/* @vite-ignore */ module.href)) as DemoModule;
  const { address, personName, password, imapPort, smtpPort } = await startDemo({ lang: language.startsWith("zh") ? "zh-CN" : "en" });
  // Only these: what else the module gives (how to stop it) cannot cross to the engine's thread.
  return { address, personName, password, imapPort, smtpPort };
}
