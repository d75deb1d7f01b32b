import type { RequestName } from "../../shared/contract/table.ts";
import { Failure } from "../../shared/failure.ts";
import type { AppLock } from "../accounts/app-lock.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `lock.${string}`>;

/** What a window may ask before anybody has said who sits there: what it needs to ask for the PIN in the right language and colours. */
const WHILE_LOCKED: ReadonlySet<string> = new Set<RequestName>([
  "lock.state",
  "lock.unlock",
  "lock.unlockBySystem",
  "lock.now",
  "lock.active",
  "health.hello",
  "health.networkChanged",
  "settings.read",
  // Words that the window has.
  "tell.show",
  "tell.badge",
  // A sentence that was being written when it locked is kept; nothing of it is told.
  "compose.save",
  // It loads programs, no mail.
  "mail.willRead",
]);
/** What cannot be undone, what carries mail or client ids out of Satchel or swaps them, and what would take the lock away. */
const CONFIRMED: ReadonlySet<string> = new Set<RequestName>([
  "accounts.remove",
  "mail.export",
  "outbox.source",
  "signIn.saveClient",
  "signIn.forgetClient",
  "lock.set",
  "lock.change",
  "lock.setBySystem",
  "lock.remove",
]);

/** @throws Failure `app-locked`, `confirm-first` when this request is not answered now */
export function guardRequest(lock: AppLock, method: string): void {
  if (lock.locked && !WHILE_LOCKED.has(method)) throw new Failure("app-locked");
  if (CONFIRMED.has(method)) lock.requireConfirmed();
}

export function lockHandlers({ lock }: Parts): Pick<Handlers, Names> {
  return {
    "lock.state": () => lock.state(),
    "lock.set": async ({ pin, afterMinutes }) => {
      await lock.set(pin, afterMinutes);
      return lock.state();
    },
    "lock.change": ({ afterMinutes }) => {
      lock.change(afterMinutes);
      return lock.state();
    },
    "lock.remove": () => {
      lock.remove();
      return lock.state();
    },
    "lock.setBySystem": ({ on }) => {
      lock.setBySystem(on);
      return lock.state();
    },
    "lock.now": () => {
      lock.lock();
      return lock.state();
    },
    "lock.unlock": async ({ pin }) => {
      await lock.unlock(pin);
      return lock.state();
    },
    "lock.confirm": async ({ pin }) => {
      await lock.confirm(pin);
      return lock.state();
    },
    "lock.unlockBySystem": async () => {
      await lock.unlockBySystem();
      return lock.state();
    },
    "lock.confirmBySystem": async () => {
      await lock.confirmBySystem();
      return lock.state();
    },
    "lock.active": () => {
      lock.active();
      return {};
    },
  };
}
