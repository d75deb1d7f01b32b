import { asFailure, Failure } from "../../shared/failure.ts";
import type { Platform } from "../engine/platform.ts";
import type { Outcome, PlatformCall, PlatformFacts } from "../engine/thread-messages.ts";

/** What the engine's thread is told of its host when it starts. */
export function platformFacts(platform: Platform): PlatformFacts {
  const { host, system, version, language, oauthClients, policy } = platform;
  return {
    host,
    system,
    version,
    language,
    oauthClients,
    policy,
    can: {
      openFile: platform.openFile !== null,
      startDrag: platform.startDrag !== null,
      savePdf: platform.savePdf !== null,
      markForeign: platform.markForeign !== null,
      chooseFolder: platform.chooseFolder !== null,
      openDateSettings: platform.openDateSettings !== null,
      tell: platform.tell !== null,
      badge: platform.badge !== null,
      systemUnlock: platform.systemUnlock !== null,
      startDemo: platform.startDemo !== null,
    },
  };
}

/** Carries out one call of the engine. Never rejects: the failure is the answer. */
export async function answerPlatform(platform: Platform, call: PlatformCall): Promise<Outcome<unknown>> {
  try {
    return { output: await carryOut(platform, call) };
  } catch (error) {
    return { failure: asFailure(error).data() };
  }
}

function carryOut(platform: Platform, call: PlatformCall): Promise<unknown> {
  switch (call.method) {
    case "openExternal":
      return platform.openExternal(call.url);
    case "openFile":
      return platform.openFile?.(call.path) ?? missing();
    case "startDrag":
      return platform.startDrag?.(call.path) ?? missing();
    case "savePdf":
      return platform.savePdf?.(call.path, call.name) ?? missing();
    case "markForeign":
      return platform.markForeign?.(call.path) ?? missing();
    case "chooseFolder":
      return platform.chooseFolder?.() ?? missing();
    case "openDateSettings":
      return platform.openDateSettings?.() ?? missing();
    case "tell":
      return platform.tell?.(call.title, call.body) ?? missing();
    case "badge":
      return platform.badge?.(call.count) ?? missing();
    case "systemUnlock.ready":
      return platform.systemUnlock?.ready() ?? missing();
    case "systemUnlock.ask":
      return platform.systemUnlock?.ask(call.reason) ?? missing();
    case "startDemo":
      return platform.startDemo?.() ?? missing();
    case "systemProxy":
      return platform.systemProxy(call.host, call.port);
    case "secrets.state":
      return platform.secrets.state();
    case "secrets.seal":
      return platform.secrets.seal(call.bytes);
    case "secrets.unseal":
      return platform.secrets.unseal(call.bytes);
    case "secrets.create":
      return platform.secrets.create(call.passphrase);
    case "secrets.unlock":
      return platform.secrets.unlock(call.passphrase);
  }
}

function missing(): Promise<never> {
  return Promise.reject(new Failure("not-supported"));
}
