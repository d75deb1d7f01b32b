import { create } from "zustand";
import type { ProxySettings } from "../../shared/contract/accounts.ts";
import type { SignInProvider, SignInState } from "../../shared/contract/sign-in.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { AccountId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { confirmed } from "./lock.ts";
import { toastFailure } from "./toasts.ts";

export type SignIn = {
  /** Null: nobody is known who could be signed in to for this address. */
  readonly provider: SignInProvider | null;
  readonly id: string | null;
  /** Null: not begun. */
  readonly state: SignInState | null;
  /** What a request failed with, beside the sign-in itself. */
  readonly failure: FailureData | null;
  readonly busy: boolean;
};

const NONE: SignIn = { provider: null, id: null, state: null, failure: null, busy: false };

/** The sign-in in the browser that is on the screen: one at a time. */
export const useSignIn = create<SignIn>(() => NONE);

let stop: () => void = () => undefined;

/** Forgets it; a browser that still has the word is not listened to any more. */
export function forgetSignIn(): void {
  stop();
  stop = () => undefined;
  const { id, state } = useSignIn.getState();
  // The engine forgets it by itself where it cannot be told.
  if (id !== null && state?.state === "waiting") client.request("signIn.cancel", { signInId: id }).catch(() => undefined);
  useSignIn.setState(NONE);
}

/** Who can be signed in to for this address. Without an answer it is nobody, and a password is asked for. */
export async function findProvider(address: string, host: string): Promise<SignInProvider | null> {
  forgetSignIn();
  try {
    const { provider } = await client.request("signIn.provider", { address, host });
    useSignIn.setState({ provider });
    return provider;
  } catch {
    return null;
  }
}

/** Whom the organisation signs in to before there is an address; null where it has not said so. */
export async function findOrganisation(): Promise<SignInProvider | null> {
  forgetSignIn();
  const { provider } = await client.request("signIn.organisation", {});
  useSignIn.setState({ provider });
  return provider;
}

/** The way of the account that is being made or mended: its provider is asked on the same. */
export type Way = { readonly proxy?: ProxySettings; readonly proxyPassword?: string | null; readonly accountId?: AccountId };

/** Opens the provider's page in the browser. `onDone` is called with the sign-in once it can be used. */
export async function beginSignIn(address: string, way: Way, onDone: (signInId: string) => void): Promise<void> {
  const { provider, busy } = useSignIn.getState();
  if (provider === null || busy) return;
  useSignIn.setState({ busy: true, failure: null, state: null, id: null });
  try {
    const { signInId } = await client.request("signIn.begin", { address, provider: provider.key, ...way });
    useSignIn.setState({ id: signInId });
    follow(signInId, onDone);
  } catch (error) {
    useSignIn.setState({ failure: asFailure(error).data() });
  } finally {
    useSignIn.setState({ busy: false });
  }
}

function follow(signInId: string, onDone: (signInId: string) => void): void {
  stop();
  const read = (): void => {
    client.request("signIn.state", { signInId }).then(
      (state) => {
        if (useSignIn.getState().id !== signInId) return;
        useSignIn.setState({ state });
        if (state.state !== "done") return;
        stop();
        onDone(signInId);
      },
      (error: unknown) => {
        if (useSignIn.getState().id === signInId) useSignIn.setState({ id: null, state: null, failure: asFailure(error).data() });
      },
    );
  };
  const stops = [client.on("signIn.changed", (event) => event.signInId === signInId && read()), client.onConnect(read)];
  stop = () => {
    for (const one of stops) one();
  };
}

export function openAgain(): void {
  const { id } = useSignIn.getState();
  if (id !== null) client.request("signIn.openAgain", { signInId: id }).catch(toastFailure);
}

export function cancelSignIn(): void {
  const { id } = useSignIn.getState();
  if (id !== null) client.request("signIn.cancel", { signInId: id }).catch(toastFailure);
}

/** The account that signed in is meant, though it has another address. */
export function acceptOther(): void {
  const { id } = useSignIn.getState();
  if (id !== null) client.request("signIn.accept", { signInId: id }).catch(toastFailure);
}

export type ClientForm = { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };

/** Keeps a client id of the user's own. Whether it worked; if not, `failure` says why. */
export async function saveClient(address: string, way: Way, form: ClientForm): Promise<boolean> {
  const { provider } = useSignIn.getState();
  useSignIn.setState({ busy: true, failure: null });
  try {
    const ofTheUser = {
      address,
      ...way,
      provider: provider?.key ?? null,
      issuer: provider === null ? withScheme(form.issuer) : null,
      clientId: form.clientId.trim(),
      clientSecret: form.clientSecret.trim() === "" ? null : form.clientSecret.trim(),
    };
    const saved = await confirmed(() => client.request("signIn.saveClient", ofTheUser));
    if (saved === undefined) return false;
    useSignIn.setState({ provider: saved.provider, id: null, state: null });
    return true;
  } catch (error) {
    useSignIn.setState({ failure: asFailure(error).data() });
    return false;
  } finally {
    useSignIn.setState({ busy: false });
  }
}

/** People write "login.example.org" for an address. */
function withScheme(issuer: string): string {
  const text = issuer.trim();
  return /^https?:\/\//iu.test(text) ? text : `https://${text}`;
}
