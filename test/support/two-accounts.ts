import { onTestFinished } from "vitest";
import { act } from "../../main/store/acts.ts";
import type { Change } from "../../shared/contract/mail.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { ALL_CAPABILITIES, type ImapServer, type ImapServerOptions, startImapServer } from "../servers/imap/server.ts";
import { QUICK, type TestAccount, testAccount } from "./running-account.ts";

export const HOME = "user1@example.test";
export const WORK = "user2@example.test";

export type TwoAccounts = {
  readonly home: { readonly server: ImapServer; readonly account: TestAccount };
  readonly work: { readonly server: ImapServer; readonly account: TestAccount };
  setOffline(on: boolean): void;
  /** Both have told their servers everything, and compared everything. */
  settle(): Promise<void>;
  /** Placements shown in a folder of an account, oldest first. */
  shown(account: TestAccount, path: string): PlacementId[];
  /** The user does something to all that is shown in a folder; returns the group. */
  doTo(account: TestAccount, path: string, change: Change): string;
};

type Options = {
  readonly without?: readonly string[];
  readonly fill?: (home: ImapServer, work: ImapServer) => void;
  readonly work?: Partial<ImapServerOptions>;
};

/** Two accounts of one store, each on a scripted server of its own. */
export async function twoAccounts({ without = [], fill, ...more }: Options = {}): Promise<TwoAccounts> {
  const capabilities = ALL_CAPABILITIES.filter((name) => !without.includes(name));
  const start = (address: string, options: Partial<ImapServerOptions> = {}) =>
    startImapServer({ users: [{ address, password: `secret-${address.split("@")[0]}` }], capabilities, ...options });
  const [home, work] = [await start(HOME), await start(WORK, more.work)];
  fill?.(home, work);
  const first = testAccount(home.port, { user: HOME });
  const second = testAccount(work.port, { user: WORK, beside: first });
  onTestFinished(async () => {
    await second.close();
    await first.close();
    await home.stop();
    await work.stop();
  });
  for (const account of [first, second]) {
    account.start(QUICK);
    await account.complete();
  }
  const shown: TwoAccounts["shown"] = ({ store, named }, path) =>
    store.db.connection
      .prepare<[number], PlacementId>("SELECT id FROM placement WHERE shown_folder_id = ? ORDER BY id")
      .pluck()
      .all(named(path).id);
  return {
    home: { server: home, account: first },
    work: { server: work, account: second },
    setOffline(on) {
      for (const account of [first, second]) account.running.setOffline(on);
    },
    async settle() {
      // What the one has done may free something in the other.
      for (const account of [first, second, first, second]) await account.complete();
      for (const account of [first, second]) await account.running.syncNow();
      for (const account of [first, second]) await account.complete();
    },
    shown,
    doTo(account, path, change) {
      const { group } = act(account.store, { kind: "placements", ids: shown(account, path) }, change);
      for (const one of [first, second]) one.running.operationsAsked();
      return group;
    },
  };
}

/** What lies in a folder of a server: Message-IDs' first parts, with flags. */
export function lyingIn(server: ImapServer, address: string, folder: string): string[] {
  return server
    .folder(address, folder)
    .messages()
    .filter(({ flags }) => !flags.includes("\\Deleted"))
    .map(({ raw, flags }) => [/Message-ID: <(\w+)/iu.exec(raw.toString())?.[1] ?? "", ...[...flags].sort()].join(" "))
    .sort();
}
