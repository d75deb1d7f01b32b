import type { Address } from "../../shared/address.ts";
import type {
  AccountSettings,
  Credential,
  Fallback,
  Lookup,
  ServerSettings,
  TestState,
  VaultState,
} from "../../shared/contract/accounts.ts";
import type { TakesMail } from "../../shared/contract/compose.ts";
import type { DirectorySettings } from "../../shared/contract/directory.ts";
import type { AccountHealth } from "../../shared/contract/health.ts";
import type { PolicySummary } from "../../shared/contract/policy.ts";
import type { Failure } from "../../shared/failure.ts";
import type { AccountId, FolderId, OutgoingServerId, PlacementId } from "../../shared/ids.ts";
import type { AppLock } from "../accounts/app-lock.ts";
import type { BrowserSignIns } from "../accounts/browser-sign-ins.ts";
import type { TestedServers } from "../accounts/connection-test.ts";
import type { Health } from "../health/health.ts";
import type { Log } from "../log.ts";
import type { Composing } from "../outbox/composing.ts";
import type { Invitations } from "../outbox/invitations.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { Receipts } from "../outbox/receipts.ts";
import type { Via } from "../plan/proxy.ts";
import type { Search } from "../search/search.ts";
import type { Store } from "../store/open.ts";
import type { Verification } from "../store/verification.ts";
import type { ParsePool } from "../sync/parse-pool.ts";
import type { SenderChecks } from "../sync/sender-checks.ts";
import type { Assets } from "./assets.ts";
import type { LastReadings } from "./last-readings.ts";
import type { Notices } from "./notices.ts";
import type { Unsubscribing } from "./unsubscribing.ts";

/** The accounts that run: what the handlers may ask of them. The composition root builds it. */
export interface RunningAccounts {
  health(): AccountHealth[];
  add(input: {
    address: string;
    accountName: string;
    personName: string;
    settings: AccountSettings;
    credential: Credential;
    proxyPassword?: string | null | undefined;
  }): Promise<AccountId>;
  update(
    account: AccountId,
    patch: {
      accountName?: string | undefined;
      settings?: AccountSettings | undefined;
      paused?: boolean | undefined;
      /** null takes it away. */
      proxyPassword?: string | null | undefined;
    },
  ): Promise<void>;
  setCredential(account: AccountId, credential: Credential): Promise<void>;
  remove(account: AccountId): Promise<void>;
  startTest(servers: TestedServers, credential: Credential): string;
  startRetest(account: AccountId): Promise<string>;
  /** @throws Failure `account-gone` for a test nobody started */
  testState(testId: string): TestState;
  /** Operations were written: the accounts they belong to carry them out. */
  operationsAsked(): void;
  downloadsAsked(): void;
  /** Seconds that so much mail takes over the account's line, with its provider's limits; null while nobody can know. */
  secondsFor(account: AccountId, bytes: number): number | null;
  /** More or less is to be kept here. */
  policyChanged(): void;
  setOffline(on: boolean): void;
  syncNow(): void;
  /** The network has changed: lines are tried anew. */
  wakeAll(): void;
  finishEmptying(folder: FolderId): void;
  emptyPreview(folder: FolderId): Promise<{ messages: number; bytes: number; others: number }>;
  bytesPerSecond(): number;
}

/** What is done to the further outgoing servers of accounts. */
export interface OutgoingChanges {
  /** @param credential null: the one it has. @throws Failure `server-exists`, `no-credential` */
  save(account: AccountId, id: OutgoingServerId | null, settings: ServerSettings, credential: Credential | null): Promise<OutgoingServerId>;
  /** Its secret goes with it. */
  remove(id: OutgoingServerId): Promise<void>;
  order(account: AccountId, ids: readonly OutgoingServerId[]): void;
  setFallback(account: AccountId, fallback: Fallback): void;
  /** @returns the test's id, as of `RunningAccounts.startTest` */
  test(account: AccountId, id: OutgoingServerId | null, settings: ServerSettings, credential: Credential | null): Promise<string>;
}

/** The organisation's address book. */
export interface DirectoryChanges {
  /** Never rejects; `failure`: it could not be asked. */
  find(text: string): Promise<{ readonly people: readonly Address[]; readonly failure: Failure | null }>;
  /** @param password undefined: the one that is kept. @returns whether anybody was found. @throws Failure */
  test(settings: DirectorySettings, password: string | undefined): Promise<boolean>;
  /** @param settings null takes it away, and its password. @throws Failure `set-by-organisation` */
  save(settings: DirectorySettings | null, password: string | undefined): Promise<void>;
  hasPassword(): boolean;
}

/** What the host offers, as the handlers need it. */
export interface HostServices {
  readonly host: "electron" | "loopback";
  readonly system: "mac" | "windows" | "linux";
  readonly version: string;
  readonly language: string;
  readonly canDemo: boolean;
  openDemo(): Promise<AccountId>;
  vaultState(): Promise<VaultState>;
  createVault(passphrase: string | null): Promise<VaultState>;
  unlockVault(passphrase: string): Promise<VaultState>;
  openExternal(url: string): Promise<void>;
  /** Writes files into a folder that the user picks, or into one of this name in it; null where the host cannot ask. */
  readonly saveFiles: ((files: readonly { name: string; bytes: Uint8Array }[], folderName?: string) => Promise<number | null>) | null;
  readonly openFile: ((file: { name: string; bytes: Uint8Array }) => Promise<void>) | null;
  /** Puts a file under the pointer that drags; null where the window's own browser does that. */
  readonly dragFile: ((file: { name: string; bytes: Uint8Array }) => Promise<void>) | null;
  /** Asks where to and writes the page at this address there; false when the user thought better of it. */
  readonly savePdf: ((path: string, name: string) => Promise<boolean>) | null;
  /** null where the host cannot. */
  readonly openDateSettings: (() => Promise<void>) | null;
  /** Tells by the system, true when it was clicked; null where the window does it itself. */
  readonly tell: ((title: string, body: string) => Promise<boolean>) | null;
  readonly badge: ((count: number) => Promise<void>) | null;
  report(): Promise<string>;
}

/** All that the handlers work with. */
export type Parts = {
  readonly store: Store;
  readonly accounts: RunningAccounts;
  readonly lock: AppLock;
  readonly outgoing: OutgoingChanges;
  readonly directory: DirectoryChanges;
  readonly signIns: BrowserSignIns;
  readonly outbox: Outbox;
  readonly composing: Composing;
  readonly receipts: Receipts;
  readonly invitations: Pick<Invitations, "answer">;
  readonly search: Search;
  readonly pool: ParsePool;
  readonly senderChecks: Pick<SenderChecks, "opened">;
  readonly unsubscribing: Unsubscribing;
  readonly assets: Assets;
  readonly readings: LastReadings;
  readonly notices: Notices;
  readonly verification: Verification;
  readonly host: HostServices;
  /** Begun when the first list stands, or when somebody asks. */
  readonly health: () => Promise<Health>;
  readonly pictures: {
    allowed(placement: PlacementId): boolean;
    allowOnce(placement: PlacementId): void;
    /** The way on which they are fetched: that of the account's mail. */
    via(placement: PlacementId): Via | undefined;
  };
  readonly workOffline: { read(): boolean; write(on: boolean): void };
  /** Why the disk refuses what is written; null while it takes it. */
  readonly storageTrouble: () => Failure | null;
  /** What an organisation has set. */
  readonly managed: {
    /** null where there is no policy. */
    summary(): PolicySummary | null;
    /** @throws Failure `set-by-organisation` */
    checkSettings(patch: Partial<Record<string, unknown>>): void;
    /** @throws Failure `set-by-organisation` */
    checkAddress(address: string): void;
    /** Whom the organisation signs in to before there is an address: the key of a provider; null = an address is asked for. */
    readonly signIn: string | null;
  };
  /** Whether a domain takes mail; `unknown` where nobody may be asked. */
  readonly takesMail: (domain: string, account: AccountId) => Promise<TakesMail>;
  /** What is known about an address; the network is asked on the way of the account, where there is one already. @throws Failure `bad-address`, `set-by-organisation` */
  readonly lookUp: (address: string, account: AccountId | undefined) => Promise<Lookup>;
  /** The way of settings that are only tried: with this password for their proxy, else the one kept for the account. */
  readonly wayTried: (
    settings: Pick<AccountSettings, "proxy">,
    proxyPassword: string | null | undefined,
    account: AccountId | undefined,
  ) => Via | undefined;
  readonly engineRun: string;
  /** Charsets that text without a good label is likely to be in, by the user's languages. */
  readonly likelyCharsets: () => readonly string[];
  readonly clock: () => number;
  readonly log: Log;
};
