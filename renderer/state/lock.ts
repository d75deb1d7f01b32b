import { create } from "zustand";
import type { LockState } from "../../shared/contract/lock.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import { client } from "../client/engine.ts";
import { saveNow } from "./composer-saving.ts";
import { useComposers } from "./composers.ts";
import { goTo } from "./route.ts";
import { toastFailure } from "./toasts.ts";

type Asking = { resolve(given: boolean): void };
type Lock = LockState & {
  /** Something waits for the PIN to be given once more. */
  asking: Asking | null;
};

/** Whether Satchel is locked, and what locks it. Off until the engine has said otherwise: a locked engine tells nothing that could be shown. */
export const useLock = create<Lock>(() => ({
  on: false,
  locked: false,
  afterMinutes: null,
  waitUntil: null,
  bySystem: "none",
  asking: null,
}));

/** Somebody is there; more often the engine need not know. */
const ACTIVE_EVERY_MS = 30_000;

export function startLock(): void {
  const read = (): void => void client.request("lock.state", {}).then(take, () => undefined);
  client.onConnect(read);
  client.on("lock.changed", read);
  let told = 0;
  const active = (): void => {
    const { on, locked, afterMinutes } = useLock.getState();
    const now = performance.now();
    if (!on || locked || afterMinutes === null || now - told < ACTIVE_EVERY_MS) return;
    told = now;
    void client.request("lock.active", {}).catch(() => undefined);
  };
  for (const kind of ["keydown", "pointerdown", "wheel"]) window.addEventListener(kind, active, { capture: true, passive: true });
}

let heard = false;

/** A window that was showing mail forgets all of it, and one that was locked knows nothing yet: both begin anew. */
function take(state: LockState): void {
  const changes = heard && useLock.getState().locked !== state.locked;
  heard = true;
  useLock.setState(state);
  if (changes) location.reload();
}

/** Without a PIN it shows where one is chosen. The engine is asked first: another window may have chosen one a moment ago. */
export async function lockNow(): Promise<void> {
  if (!useLock.getState().on) await client.request("lock.state", {}).then(take, () => undefined);
  if (!useLock.getState().on) return goTo({ page: "settings", section: "privacy" });
  await Promise.all(useComposers.getState().composers.map((one) => (one.kind === "open" ? saveNow(one.key) : undefined)));
  await client.request("lock.now", {}).then(take, toastFailure);
}

/** Null when it fits, else why not. */
export function unlock(pin: string): Promise<FailureData | null> {
  return tried(client.request("lock.unlock", { pin }));
}

export function confirmPin(pin: string): Promise<FailureData | null> {
  return tried(client.request("lock.confirm", { pin }));
}

export function unlockBySystem(): Promise<FailureData | null> {
  return tried(client.request("lock.unlockBySystem", {}));
}

export function confirmBySystem(): Promise<FailureData | null> {
  return tried(client.request("lock.confirmBySystem", {}));
}

async function tried(asked: Promise<LockState>): Promise<FailureData | null> {
  try {
    take(await asked);
    return null;
  } catch (error) {
    return asFailure(error).data();
  }
}

/** Does what needs the PIN once more where there is one, after asking for it. @returns undefined when it was not given */
export async function confirmed<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (asFailure(error).code !== "confirm-first") throw error;
  }
  const given = await new Promise<boolean>((resolve) => useLock.setState({ asking: { resolve } }));
  useLock.setState({ asking: null });
  return given ? work() : undefined;
}

export function setPin(pin: string, afterMinutes: number | null): Promise<boolean> {
  return changed(() => client.request("lock.set", { pin, afterMinutes }));
}

export function setAfter(afterMinutes: number | null): Promise<boolean> {
  return changed(() => client.request("lock.change", { afterMinutes }));
}

export function setBySystem(on: boolean): Promise<boolean> {
  return changed(() => client.request("lock.setBySystem", { on }));
}

export function removePin(): Promise<boolean> {
  return changed(() => client.request("lock.remove", {}));
}

async function changed(work: () => Promise<LockState>): Promise<boolean> {
  try {
    const state = await confirmed(work);
    if (state !== undefined) take(state);
    return state !== undefined;
  } catch (error) {
    toastFailure(error);
    return false;
  }
}
