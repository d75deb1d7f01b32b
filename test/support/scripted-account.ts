import { onTestFinished } from "vitest";
import { act } from "../../main/store/acts.ts";
import type { AccountOptions } from "../../main/sync/running-account.ts";
import type { Change } from "../../shared/contract/mail.ts";
import { ALL_CAPABILITIES, type ImapServer, type ImapServerOptions, startImapServer } from "../servers/imap/server.ts";
import { QUICK, type TestAccount, testAccount } from "./running-account.ts";
import { uidsOf } from "./uids-of.ts";

export const ME = "user1@example.test";

export type ScriptedAccount = {
  readonly server: ImapServer;
  readonly account: TestAccount;
  /** The user does something to messages of a folder, by their UIDs. */
  doTo(folder: string, uids: readonly number[], change: Change): void;
  goOnline(): Promise<void>;
};

/** A running account on the scripted server, complete; both end with the test. */
export async function scriptedAccount(
  options: {
    readonly without?: readonly string[];
    readonly server?: Partial<ImapServerOptions>;
    readonly fill?: (server: ImapServer) => void;
    readonly start?: Partial<AccountOptions>;
    readonly complete?: boolean;
  } = {},
): Promise<ScriptedAccount> {
  const capabilities = ALL_CAPABILITIES.filter((name) => options.without?.includes(name) !== true);
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }], capabilities, ...options.server });
  options.fill?.(server);
  const account = testAccount(server.port);
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  account.start({ ...QUICK, ...options.start });
  if (options.complete !== false) await account.complete();
  return {
    server,
    account,
    doTo(folder, uids, change) {
      const known = uidsOf(account.store, account.named(folder).id);
      const ids = uids.flatMap((uid) => known.get(uid)?.placementId ?? []);
      if (ids.length !== uids.length) throw new Error(`not all of ${uids.join()} are in ${folder}`);
      act(account.store, { kind: "placements", ids }, change);
      account.running.operationsAsked();
    },
    async goOnline() {
      account.running.setOffline(false);
      await account.complete();
    },
  };
}
