import type { DirectorySettings } from "../../shared/contract/directory.ts";
import { asFailure } from "../../shared/failure.ts";
import type { Vault } from "../accounts/vault.ts";
import type { DirectoryChanges } from "../api/parts.ts";
import { Directory } from "../contacts/directory.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/open.ts";
import { readSettings, writeSettings } from "../store/settings.ts";
import type { Managed } from "./managed.ts";
import type { ProxyWays } from "./proxy-ways.ts";

type Around = {
  readonly store: Store;
  readonly vault: Vault;
  readonly managed: Managed;
  readonly ways: ProxyWays;
  readonly mayAsk: () => boolean;
  readonly clock: () => number;
  readonly log: Log;
};

/** The organisation's address book: where it is stands in the settings, the password in the vault. */
export function directoryOf({ store, vault, managed, ways, mayAsk, clock, log }: Around): DirectoryChanges {
  const password = async (): Promise<string | null> => {
    try {
      const secret = await vault.read("directory");
      return secret.kind === "password" ? secret.password : null;
    } catch (error) {
      if (asFailure(error).code === "no-credential") return null;
      throw error;
    }
  };
  const settings = (): DirectorySettings | null => readSettings(store).directory;
  // Within an organisation: directly, unless it has set a way for everything.
  const via = () => ways.tried({}, null, undefined);
  const directory = new Directory({ settings, password, mayAsk, via, clock, log });
  return {
    find: (text) => directory.find(text),
    test: (tried, given) => directory.test(tried, given),
    hasPassword: () => vault.has("directory"),
    async save(next, given) {
      managed.checkSettings({ directory: next });
      // A password belongs to the directory that it was typed for.
      const moved = next?.host !== settings()?.host || next?.bindDn !== settings()?.bindDn;
      const signsIn = next !== null && next.bindDn !== null;
      if (given !== undefined && signsIn) await vault.write("directory", { kind: "password", password: given });
      else if (moved && vault.has("directory")) await vault.remove("directory");
      writeSettings(store, { directory: next });
      directory.forget();
    },
  };
}
