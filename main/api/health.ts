import { Failure } from "../../shared/failure.ts";
import { readKeptBytes } from "../store/kept.ts";
import { profileLimit } from "../store/room.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names =
  | "health.hello"
  | "health.status"
  | "health.workOffline"
  | "health.networkChanged"
  | "health.syncNow"
  | "health.notices"
  | "health.report"
  | "health.openLink"
  | "health.openDateSettings"
  | "health.rebuildIndex";

/** A link in a mail may open a program of the system only through these. */
const OPENABLE = new Set(["http:", "https:", "mailto:"]);

export function healthHandlers(parts: Parts): Pick<Handlers, Names> {
  const { store, accounts, outbox, unsubscribing, search, notices, host, workOffline } = parts;
  return {
    "health.hello": () => ({
      version: host.version,
      host: host.host,
      platform: host.system,
      language: host.language,
      engineRun: parts.engineRun,
    }),
    "health.status": () => ({
      workOffline: workOffline.read(),
      accounts: accounts.health(),
      outbox: outbox.health(),
      index: search.progress(),
      kept: { bytes: readKeptBytes(store.db), limitBytes: profileLimit(store) },
      bytesPerSecond: accounts.bytesPerSecond(),
      storage: parts.storageTrouble()?.data() ?? null,
    }),
    "health.workOffline": ({ on }) => {
      workOffline.write(on);
      accounts.setOffline(on);
      outbox.setOffline(on);
      if (!on) unsubscribing.wake();
      return {};
    },
    "health.networkChanged": () => {
      accounts.wakeAll();
      outbox.wake();
      unsubscribing.wake();
      return {};
    },
    "health.syncNow": () => {
      accounts.syncNow();
      outbox.wake();
      unsubscribing.wake();
      return {};
    },
    "health.notices": ({ afterId }) => ({ notices: notices.after(afterId) }),
    "health.report": async () => ({ text: await host.report() }),
    "health.openLink": async ({ url }) => {
      if (!OPENABLE.has(new URL(url).protocol)) throw new Failure("invalid-input", { params: { field: "url" } });
      await host.openExternal(url);
      return { opened: true };
    },
    "health.openDateSettings": async () => {
      await host.openDateSettings?.();
      return { opened: host.openDateSettings !== null };
    },
    "health.rebuildIndex": async () => {
      await search.takeAllIn();
      return {};
    },
  };
}
