import type { Platform, SecretStoreState } from "../../main/engine/platform.ts";
import { DIRECT } from "../../main/plan/proxy.ts";

const NONE: SecretStoreState = { kind: "none", locked: false, place: "", warning: "none" };

/** A host that can do nothing but notes what it was asked to open. */
export function testPlatform(more: Partial<Platform> = {}): Platform & { readonly opened: string[] } {
  const opened: string[] = [];
  return {
    host: "loopback",
    system: "linux",
    version: "0.0.0",
    language: "en",
    oauthClients: "",
    policy: null,
    secrets: {
      state: () => Promise.resolve(NONE),
      seal: (bytes) => Promise.resolve(bytes),
      unseal: (bytes) => Promise.resolve(bytes),
      create: () => Promise.resolve(NONE),
      unlock: () => Promise.resolve(NONE),
    },
    openExternal: (url) => {
      opened.push(url);
      return Promise.resolve();
    },
    openFile: null,
    startDrag: null,
    savePdf: null,
    markForeign: null,
    chooseFolder: null,
    openDateSettings: null,
    systemUnlock: null,
    startDemo: null,
    systemProxy: () => Promise.resolve(DIRECT),
    watch: null,
    ...more,
    opened,
  };
}
