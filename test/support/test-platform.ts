import type { Platform, SecretStoreState } from "../../main/engine/platform.ts";
import { DIRECT } from "../../main/plan/proxy.ts";

const NONE: SecretStoreState = { kind: "none", locked: false, place: "", warning: "none" };

/** Sealed as far as tests need it: no secret can be read in it, and the same once more opens it. */
export const turned = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes, (byte) => byte ^ 0xff);

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
      seal: (bytes) => Promise.resolve(turned(bytes)),
      unseal: (bytes) => Promise.resolve(turned(bytes)),
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
    tell: null,
    badge: null,
    systemUnlock: null,
    startDemo: null,
    systemProxy: () => Promise.resolve(DIRECT),
    watch: null,
    ...more,
    opened,
  };
}
