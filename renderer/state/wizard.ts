import { create } from "zustand";
import { looksLikeAddress } from "../../shared/address.ts";
import type { AccountSettings, AccountSummary, GivenCredential, LeaveOnServer, Lookup } from "../../shared/contract/accounts.ts";
import type { SignInProvider } from "../../shared/contract/sign-in.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { AccountId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { accountOf, useAccounts } from "./accounts.ts";
import { forgetTest, runTest } from "./connection-test.ts";
import { usePolicy } from "./policy.ts";
import { goTo } from "./route.ts";
import { tidySecret } from "./secret-shape.ts";
import { findOrganisation, findProvider, forgetSignIn, useSignIn, type Way } from "./sign-in.ts";
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
  /** The user has said that what was found may be tried. */
  readonly agreed: boolean;
  /** Only in memory, and only until the account is saved. */
  readonly secret: string;
  /** Of the proxy in the settings: undefined = the one that is kept, null = none. */
  readonly proxyPassword: string | null | undefined;
  /** The way in is the provider's own sign-in. */
  readonly byBrowser: boolean;
  /** The organisation's sign-in says who it is. */
  readonly organisation: boolean;
  /** A sign-in in the browser that is done and not used yet. */
  readonly signInId: string | null;
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
  agreed: false,
  secret: "",
  proxyPassword: undefined,
  byBrowser: false,
  organisation: false,
  signInId: null,
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
  forgetSignIn();
  useWizard.setState({ ...EMPTY, address });
}

/** The wizard over an account that exists, at its sign-in or at its servers. */
export function mendAccount(account: AccountSummary, stage: "secret" | "servers"): void {
  forgetTest();
  const byBrowser = account.settings.browser !== undefined;
  if (byBrowser) void findProvider(account.address, account.settings.incoming.host);
  useWizard.setState({
    ...EMPTY,
    accountId: account.id,
    byBrowser,
    stage: byBrowser && stage === "secret" ? "browser" : stage,
    address: account.address,
    lookup: { provider: account.provider, settings: [], secret: secretKind(account.provider), helpUrl: null, looked: [] },
    settings: account.settings,
    accountName: account.name,
  });
  // The walkthrough's page and the kind of secret come from the provider's entry; without an answer the plain form stays.
  client.request("accounts.lookup", { address: account.address, accountId: account.id }).then(
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
    const settings = lookup.settings[0]?.settings ?? null;
    const provider = await findProvider(address, settings?.incoming.host ?? "");
    const byBrowser = takesBrowser(provider);
    patchWizard({ busy: false, lookup, candidate: 0, settings, settingsChanged: false, agreed: false, byBrowser, signInId: null });
    if (settings === null) patchWizard({ stage: "servers" });
    else toSecret();
  } catch (error) {
    patchWizard({ busy: false, failure: asFailure(error).data() });
  }
}

/** The secret or the browser comes next, after a place for what comes of it where there is none yet. */
export function toSecret(): void {
  const vault = useAccounts.getState().vault;
  const next = useWizard.getState().byBrowser ? "browser" : "secret";
  patchWizard({ stage: vault !== null && (vault.kind === "none" || vault.locked) ? "vault" : next });
}

/** A password after all. */
export function toPassword(): void {
  const { lookup } = useWizard.getState();
  const secret = lookup?.secret === "browser" ? "password" : (lookup?.secret ?? "password");
  patchWizard({ byBrowser: false, signInId: null, ...(lookup === null ? {} : { lookup: { ...lookup, secret } }) });
  toSecret();
}

/** The provider's own sign-in after all; who that is, is asked for the servers as they stand now. */
export async function toBrowser(): Promise<void> {
  const { address, settings } = useWizard.getState();
  await findProvider(address, settings?.incoming.host ?? "");
  patchWizard({ byBrowser: true, secret: "", signInId: null });
  toSecret();
}

/** Back from the browser: what was signed in to is tested. */
export function signedIn(signInId: string): void {
  patchWizard({ signInId, secret: "" });
  if (useWizard.getState().organisation) void takeWhoSignedIn();
  else void startTest();
}

/** The organisation's own sign-in, which says who it is: nothing is typed. @returns why it could not be begun, which is no matter of the address field's */
export async function signInWithOrganisation(): Promise<FailureData | null> {
  beginWizard();
  patchWizard({ busy: true });
  try {
    const found = (await findOrganisation()) !== null;
    patchWizard({ busy: false, organisation: found, byBrowser: found, personName: usePolicy.getState().policy?.personName ?? "" });
    if (found) toSecret();
    return null;
  } catch (error) {
    patchWizard({ busy: false });
    return asFailure(error).data();
  }
}

/** The account is of whoever signed in; its servers are those that the organisation has named. */
async function takeWhoSignedIn(): Promise<void> {
  const { chosen = null, chosenName = null } = useSignIn.getState().state ?? {};
  if (chosen === null) return;
  const { personName } = useWizard.getState();
  patchWizard({ address: chosen, personName: personName || (chosenName ?? ""), failure: null });
  try {
    const lookup = await client.request("accounts.lookup", { address: chosen });
    patchWizard({ lookup, candidate: 0, settings: lookup.settings[0]?.settings ?? null, settingsChanged: false });
    await startTest();
  } catch (error) {
    patchWizard({ signInId: null, failure: asFailure(error).data() });
  }
}

/** The way that the account's lines are to take. */
export function wayOf({ settings, proxyPassword, accountId }: Wizard): Way {
  return {
    ...(settings?.proxy === undefined ? {} : { proxy: settings.proxy }),
    ...(proxyPassword === undefined ? {} : { proxyPassword }),
    ...(accountId === null ? {} : { accountId }),
  };
}

/** The settings with the way in that was chosen. */
function settingsOf({ settings, byBrowser }: Wizard): AccountSettings | null {
  if (settings === null) return null;
  const { browser, ...rest } = settings;
  const key = useSignIn.getState().provider?.key ?? browser;
  return byBrowser && key !== undefined ? { ...rest, browser: key } : rest;
}

/** There is something to sign in with that the engine does not have yet. */
function hasSecret({ secret, signInId }: Wizard): boolean {
  return secret !== "" || signInId !== null;
}

function credentialOf({ secret, lookup, signInId }: Wizard): GivenCredential {
  if (signInId !== null) return { kind: "browser", signInId };
  return { kind: "password", password: tidySecret(secret, lookup?.secret ?? "password") };
}

/** Tests what the wizard holds. Guesses that reach nobody give way to the next one. */
export async function startTest(): Promise<void> {
  const wizard = useWizard.getState();
  const settings = settingsOf(wizard);
  if (settings === null) return;
  patchWizard({ stage: "test", failure: null });
  // An account with its old password: only the engine can read that.
  if (wizard.accountId !== null && !hasSecret(wizard)) {
    if (wizard.settingsChanged) await client.request("accounts.update", changesOf(wizard, wizard.accountId, settings));
    await runTest({ kind: "existing", accountId: wizard.accountId });
    return;
  }
  const state = await runTest({
    kind: "new",
    settings,
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
  if (found !== undefined) patchWizard({ candidate, settings: { ...found.settings, ...way }, settingsChanged: false, agreed: false });
}

/** Another of several findings: what is tried, and with it who is signed in to. */
export async function takeFinding(candidate: number): Promise<void> {
  const { lookup, settings, address } = useWizard.getState();
  const found = lookup?.settings[candidate];
  if (found === undefined) return;
  const way = settings?.proxy === undefined ? {} : { proxy: settings.proxy };
  patchWizard({ candidate, settings: { ...found.settings, ...way }, settingsChanged: false, agreed: false });
  const provider = await findProvider(address, found.settings.incoming.host);
  if (useWizard.getState().candidate !== candidate) return;
  patchWizard({ byBrowser: takesBrowser(provider), signInId: null });
  toSecret();
}

/** Without a client id the browser is the longer way, and taken only where there is no other. */
const takesBrowser = (provider: SignInProvider | null): boolean => provider !== null && (provider.only || provider.client !== "none");

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
    const settings = settingsOf(wizard);
    const before = accountOf(wizard.accountId)?.settings.browser;
    if (settings !== null && (wizard.settingsChanged || settings.browser !== before))
      await client.request("accounts.update", changesOf(wizard, wizard.accountId, settings));
    if (hasSecret(wizard))
      await client.request("accounts.setCredential", { accountId: wizard.accountId, credential: credentialOf(wizard) });
    closeWizard();
  });
}

export async function addAccount(): Promise<void> {
  const wizard = useWizard.getState();
  const settings = settingsOf(wizard);
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
  forgetSignIn();
  useWizard.setState(EMPTY);
  goTo(mended !== null && accountOf(mended) !== undefined ? { page: "settings", section: "accounts" } : { page: "mail" });
}
