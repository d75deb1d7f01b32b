import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountSettings } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId } from "../../shared/ids.ts";
import { writeBeside } from "../api/attachment-files.ts";
import type { HostServices } from "../api/parts.ts";
import type { Log } from "../log.ts";
import { readAccounts } from "../store/accounts.ts";
import type { Store } from "../store/open.ts";
import type { DemoServers, Platform } from "./platform.ts";
import type { Accounts } from "./running-accounts.ts";

const DEMO = "demo";

/** The host's Platform, shaped for the handlers. */
export function hostServices(platform: Platform, store: Store, accounts: () => Accounts, report: () => Promise<string>): HostServices {
  const { chooseFolder, openFile, startDrag } = platform;
  const write = async (folder: string, { name, bytes }: { name: string; bytes: Uint8Array }): Promise<string> => {
    const path = await writeBeside(folder, name, bytes);
    // A disk that cannot carry the mark takes the file all the same.
    await platform.markForeign?.(path).catch(() => undefined);
    return path;
  };
  return {
    host: platform.host,
    system: platform.system,
    version: platform.version,
    language: platform.language,
    canDemo: platform.startDemo !== null,
    openDemo: () => openDemo(platform, store, accounts()),
    vaultState: () => platform.secrets.state(),
    createVault: (passphrase) => platform.secrets.create(passphrase),
    unlockVault: async (passphrase) => {
      const state = await platform.secrets.unlock(passphrase);
      // Whoever waited for a password has it now.
      if (!state.locked) accounts().wakeAll();
      return state;
    },
    openExternal: (url) => platform.openExternal(url),
    saveFiles:
      chooseFolder === null
        ? null
        : async (files, folderName) => {
            const chosen = await chooseFolder();
            if (chosen === null) return null;
            const folder = folderName === undefined ? chosen : join(chosen, folderName);
            for (const file of files) await write(folder, file);
            return files.length;
          },
    openFile: openFile === null ? null : async (file) => openFile(await write(await mkdtemp(join(tmpdir(), "satchel-open-")), file)),
    dragFile: startDrag === null ? null : async (file) => startDrag(await write(await mkdtemp(join(tmpdir(), "satchel-drag-")), file)),
    savePdf: platform.savePdf,
    openDateSettings: platform.openDateSettings,
    tell: platform.tell,
    badge: platform.badge,
    report,
  };
}

/** Opens the demo mailbox: its servers start anew with every run, so an account of an earlier one gets the new addresses. */
async function openDemo(platform: Platform, store: Store, accounts: Accounts): Promise<AccountId> {
  if (platform.startDemo === null) throw new Failure("not-supported");
  // The demo holds no secret, so a profile that has no vault yet is not asked how to lock one.
  if ((await platform.secrets.state()).kind === "none") await platform.secrets.create(null);
  const servers = await platform.startDemo();
  const settings = demoSettings(servers);
  const known = readAccounts(store).find(({ provider }) => provider === DEMO);
  if (known !== undefined) {
    await accounts.update(known.id, { settings });
    return known.id;
  }
  const { address, personName, password } = servers;
  const credential = { kind: "password", password } as const;
  return accounts.add({ address, accountName: "Harbour Studio", personName, settings, credential }, DEMO);
}

function demoSettings({ address, imapPort, smtpPort }: DemoServers): AccountSettings {
  const server = { host: "127.0.0.1", security: "plain", user: address } as const;
  return { protocol: "imap", incoming: { ...server, port: imapPort }, outgoing: { ...server, port: smtpPort } };
}

/** A demo account of an earlier run: its servers ended with that run, so they are started anew. */
export function reopenDemo(store: Store, host: HostServices, log: Log): void {
  if (!host.canDemo || !readAccounts(store).some(({ provider }) => provider === DEMO)) return;
  host.openDemo().catch((error: unknown) => log.error("demo.not-opened", error));
}
