import { create } from "zustand";
import { looksLikeAddress } from "../../shared/address.ts";
import type { AccountSettings, AccountSummary, Credential, LeaveOnServer, Lookup } from "../../shared/contract/accounts.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { AccountId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { accountOf, useAccounts } from "./accounts.ts";
import { forgetTest, runTest } from "./connection-test.ts";
import { goTo } from "./route.ts";
import { tidySecret } from "./secret-shape.ts";
import { neverReached } from "./test-steps.ts";

export type WizardStage = "address" | "vault" | "secret" | "browser" | "servers" | "test" | "names";

export type Wizard = {
  /** The account being mended, or null for a new one. */
  readonly accountId: AccountId | null;
  readonly stage: WizardStage;
  readonly address: string;
  readonly lookup: Lookup | null;
  /** Which of the candidates is tried. */
  readonly candidate: number;
  readonly settings: AccountSettings | null;
  readonly settingsChanged: boolean;
  /** Only in memory, and only until the account is saved. */
  readonly secret: string;
  /** Of the proxy in the settings: undefined = the one that is kept, null = none. */
  readonly proxyPassword: string | null | undefined;
  readonly accountName: string;
  readonly personName: string;
  readonly busy: boolean;
  readonly failure: FailureData | null;
};

const EMPTY: Wizard = {
  accountId: null,
  stage: "address",
  address: "",
  lookup: null,
  candidate: 0,
  settings: null,
  settingsChanged: false,
  secret: "",
  proxyPassword: undefined,
  accountName: "",
  personName: "",
  busy: false,
  failure: null,
};

export const useWizard = create<Wizard>(() => EMPTY);

export function patchWizard(change: Partial<Wizard>): void {
  useWizard.setState(change);
}

/** A fresh wizard for a new account; an address typed elsewhere is looked up at once. */
export function beginWizard(address = ""): void {
  forgetTest();
  useWizard.setState({ ...EMPTY, address });
}

/** The wizard over an account that exists, at its sign-in or at its servers. */
export function mendAccount(account: AccountSummary, stage: "secret" | "servers"): void {
  forgetTest();
  useWizard.setState({
    ...EMPTY,
    accountId: account.id,
    stage,
    address: account.address,
    lookup: { provider: account.provider, settings: [], secret: secretKind(account.provider), helpUrl: null },
    settings: account.settings,
    accountName: account.name,
  });
  // The walkthrough's page and the kind of secret come from the provider's entry; without an answer the plain form stays.
  client.request("accounts.lookup", { address: account.address }).then(
    (lookup) => {
      if (useWizard.getState().accountId === account.id) patchWizard({ lookup });
    },
    () => undefined,
  );
}

/** Tests an account that exists, with the secret in the vault, and shows it step by step. */
export function checkAccount(account: AccountSummary): void {
  mendAccount(account, "secret");
  void startTest();
}

function secretKind(provider: string | null): Lookup["secret"] {
  return provider === null ? "password" : "app-password";
}

/** Looks the address up and goes to what comes next. */
export async function submitAddress(): Promise<void> {
  const address = useWizard.getState().address.trim();
  if (!looksLikeAddress(address) || useWizard.getState().busy) return;
  patchWizard({ busy: true, failure: null, address });
  try {
    const lookup = await client.request("accounts.lookup", { address });
    patchWizard({ busy: false, lookup, candidate: 0, settings: lookup.settings[0]?.settings ?? null, settingsChanged: false });
    if (lookup.secret === "browser") patchWizard({ stage: "browser" });
    else if (lookup.settings.length === 0) patchWizard({ stage: "servers" });
    else toSecret();
  } catch (error) {
    patchWizard({ busy: false, failure: asFailure(error).data() });
  }
}

/** The secret comes next, after a place for it where there is none yet. */
export function toSecret(): void {
  const vault = useAccounts.getState().vault;
  patchWizard({ stage: vault !== null && (vault.kind === "none" || vault.locked) ? "vault" : "secret" });
}

export function credentialOf({ secret, lookup }: Wizard): Credential {
  return { kind: "password", password: tidySecret(secret, lookup?.secret ?? "password") };
}

/** Tests what the wizard holds. Guesses that reach nobody give way to the next one. */
export async function startTest(): Promise<void> {
  const wizard = useWizard.getState();
  if (wizard.settings === null) return;
  patchWizard({ stage: "test", failure: null });
  // An account with its old password: only the engine can read that.
  if (wizard.accountId !== null && wizard.secret === "") {
    if (wizard.settingsChanged) await client.request("accounts.update", changesOf(wizard, wizard.accountId, wizard.settings));
    await runTest({ kind: "existing", accountId: wizard.accountId });
    return;
  }
  const state = await runTest({
    kind: "new",
    settings: wizard.settings,
    credential: credentialOf(wizard),
    address: wizard.address,
    ...(wizard.proxyPassword === undefined ? {} : { proxyPassword: wizard.proxyPassword }),
    ...(wizard.accountId === null ? {} : { accountId: wizard.accountId }),
  });
  const next = nextGuess(useWizard.getState());
  if (state === null || state.state !== "failed" || state.alternative !== null || next === null || !neverReached(state)) return;
  patchWizard({ candidate: next, settings: wizard.lookup?.settings[next]?.settings ?? wizard.settings });
  await startTest();
}

type Changes = { accountId: AccountId; settings: AccountSettings; proxyPassword?: string | null };

function changesOf({ proxyPassword }: Wizard, account: AccountId, settings: AccountSettings): Changes {
  return { accountId: account, settings, ...(proxyPassword === undefined ? {} : { proxyPassword }) };
}

function nextGuess({ lookup, candidate, settingsChanged }: Wizard): number | null {
  const now = lookup?.settings[candidate];
  if (settingsChanged || now?.source !== "guess") return null;
  // Nobody gets POP3 without having asked for it.
  return lookup?.settings[candidate + 1]?.settings.protocol === now.settings.protocol ? candidate + 1 : null;
}

export type Protocol = AccountSettings["protocol"];

/** The first candidate of the other protocol, if there is one for this address. */
export function otherProtocol({ lookup, settings }: Pick<Wizard, "lookup" | "settings">): Protocol | null {
  const other = settings?.protocol === "pop3" ? "imap" : "pop3";
  return lookup?.settings.some((one) => one.settings.protocol === other) === true ? other : null;
}

export function takeProtocol(protocol: Protocol): void {
  const { lookup, settings } = useWizard.getState();
  const candidate = lookup?.settings.findIndex((one) => one.settings.protocol === protocol) ?? -1;
  const found = lookup?.settings[candidate];
  const way = settings?.proxy === undefined ? {} : { proxy: settings.proxy };
  if (found !== undefined) patchWizard({ candidate, settings: { ...found.settings, ...way }, settingsChanged: false });
}

/** POP3: what becomes of mail on the server once it is here. */
export function leaveOnServer(leave: LeaveOnServer): void {
  const { settings } = useWizard.getState();
  if (settings !== null) patchWizard({ settings: { ...settings, leaveOnServer: leave } });
}

/** Takes the settings that the test found to work and tests them. */
export function takeAlternative(settings: AccountSettings): void {
  patchWizard({ settings, settingsChanged: true });
  void startTest();
}

/** After a test that passed: names for a new account, saving for one that was mended. */
export async function afterTest(): Promise<void> {
  const wizard = useWizard.getState();
  if (wizard.accountId === null) {
    const domain = wizard.address.slice(wizard.address.lastIndexOf("@") + 1);
    patchWizard({ stage: "names", accountName: wizard.accountName || domain });
    return;
  }
  await save(async () => {
    if (wizard.accountId === null) return;
    if (wizard.settingsChanged && wizard.settings !== null) {
      await client.request("accounts.update", changesOf(wizard, wizard.accountId, wizard.settings));
    }
    if (wizard.secret !== "")
      await client.request("accounts.setCredential", { accountId: wizard.accountId, credential: credentialOf(wizard) });
    closeWizard();
  });
}

export async function addAccount(): Promise<void> {
  const wizard = useWizard.getState();
  const { settings } = wizard;
  if (settings === null) return;
  await save(async () => {
    await client.request("accounts.add", {
      address: wizard.address,
      accountName: wizard.accountName.trim(),
      personName: wizard.personName.trim(),
      settings,
      credential: credentialOf(wizard),
      ...(wizard.proxyPassword === undefined ? {} : { proxyPassword: wizard.proxyPassword }),
    });
    closeWizard();
  });
}

async function save(work: () => Promise<void>): Promise<void> {
  if (useWizard.getState().busy) return;
  patchWizard({ busy: true, failure: null });
  try {
    await work();
  } catch (error) {
    patchWizard({ failure: asFailure(error).data() });
  } finally {
    patchWizard({ busy: false });
  }
}

/** Leaves the wizard; the secret does not outlive it. */
export function closeWizard(): void {
  const mended = useWizard.getState().accountId;
  forgetTest();
  useWizard.setState(EMPTY);
  goTo(mended !== null && accountOf(mended) !== undefined ? { page: "settings", section: "accounts" } : { page: "mail" });
}
