import { randomBytes, randomUUID } from "node:crypto";
import { Assets } from "../../main/api/assets.ts";
import { event, type Handlers, serve } from "../../main/api/serve.ts";
import type { Engine } from "../../main/engine/engine.ts";
import type { EngineParts } from "../../main/engine/run-thread.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../shared/contract/settings.ts";
import { type RequestName, requests } from "../../shared/contract/table.ts";
import { Failure } from "../../shared/failure.ts";
import type { WireEvent } from "../../shared/wire.ts";

/**
 * An engine without mail, for tests of what lies around one: real contract, real parsing, settings in memory. `health.rebuildIndex` breaks the
 * thread, `health.syncNow` eats its heap, `health.openLink` asks the host; a draft of "mailto:" gives an asset address as its quoteUrl.
 */
export function openTestEngine(parts: Omit<EngineParts, "profileDir">): Promise<Engine> {
  let settings: Settings = DEFAULT_SETTINGS;
  let revision = 0;
  const listeners = new Set<(event: WireEvent) => void>();
  const assets = new Assets((count) => randomBytes(count));
  const engineRun = randomUUID();
  const known: Partial<Handlers> = {
    "health.hello": () => ({
      version: parts.platform.version,
      host: parts.platform.host,
      platform: parts.platform.system,
      language: parts.platform.language,
      engineRun,
    }),
    "health.report": () => ({ text: parts.recentLog() }),
    "health.openLink": async ({ url }) => {
      await parts.platform.openExternal(url);
      return { opened: true };
    },
    "health.rebuildIndex": () => {
      setImmediate(() => {
        throw new Error("a bug in the engine");
      });
      return {};
    },
    "health.syncNow": () => {
      const kept: string[][] = [];
      for (;;) kept.push(Array.from({ length: 100_000 }, (_, n) => `${n}`));
    },
    "settings.read": () => settings,
    "settings.write": (patch) => {
      settings = { ...settings, ...patch } as Settings;
      revision += 1;
      for (const listener of listeners) listener(event("settings.changed", { revision }));
      return settings;
    },
    "accounts.createVault": ({ passphrase }) => parts.platform.secrets.create(passphrase),
    "mail.partUrl": () => ({ url: `${assets.grant("picture", picture)}picture.png` }),
  };
  const refuse = () => {
    throw new Failure("not-supported");
  };
  const handlers = Object.fromEntries(
    Object.keys(requests).map((name) => [name, known[name as RequestName] ?? refuse]),
  ) as unknown as Handlers;
  return Promise.resolve({
    serve: (port) =>
      serve(
        port,
        handlers,
        (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        parts.log,
      ),
    readAsset: (path, options) => assets.read(path, options),
    close: () => Promise.resolve(),
  });
}

const PICTURE = Buffer.from("a picture");

function picture(rest: string): Promise<{ status: number; headers: Record<string, string>; body: Uint8Array } | null> {
  if (rest !== "picture.png") return Promise.resolve(null);
  return Promise.resolve({ status: 200, headers: { "Content-Type": "image/png" }, body: PICTURE });
}
