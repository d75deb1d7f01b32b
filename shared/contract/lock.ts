import { z } from "zod";
import { request } from "./define.ts";

export const lockState = z.object({
  /** A PIN was set. */
  on: z.boolean(),
  /** Nothing but `lock.*`, the language and the colours is answered. */
  locked: z.boolean(),
  /** Minutes without a key or a click after which it locks; null = by hand and at each start. */
  afterMinutes: z.number().int().min(1).max(240).nullable(),
  /** After several wrong PINs: no other is looked at before, ms UTC. */
  waitUntil: z.number().nullable(),
  /** The system's own unlocking (Touch ID) in the place of the PIN: not to be had here now, to be had, or chosen. */
  bySystem: z.enum(["none", "offered", "on"]),
});
export type LockState = z.infer<typeof lockState>;

export const LEAST_PIN = 4;
const pin = z.string().min(LEAST_PIN).max(100);
/** What is tried may be anything: only the engine knows what fits. */
const tried = z.string().max(100);

export const lockRequests = {
  "lock.state": request(z.object({}), lockState),
  /** Sets the first PIN, or another. @throws Failure `confirm-first` */
  "lock.set": request(z.object({ pin, afterMinutes: lockState.shape.afterMinutes }), lockState),
  /** @throws Failure `confirm-first` */
  "lock.change": request(z.object({ afterMinutes: lockState.shape.afterMinutes }), lockState),
  /** No PIN any more. @throws Failure `confirm-first` */
  "lock.remove": request(z.object({}), lockState),
  /** Whether the system's own unlocking is taken for the PIN. @throws Failure `confirm-first` */
  "lock.setBySystem": request(z.object({ on: z.boolean() }), lockState),
  "lock.now": request(z.object({}), lockState),
  /** @throws Failure `pin-wrong`, `pin-wait` */
  "lock.unlock": request(z.object({ pin: tried }), lockState),
  /** Shows once more who asks, for what cannot be undone: good for two minutes. @throws Failure `pin-wrong`, `pin-wait` */
  "lock.confirm": request(z.object({ pin: tried }), lockState),
  /** As `lock.unlock`, where it was chosen. @throws Failure `system-unlock-refused` */
  "lock.unlockBySystem": request(z.object({}), lockState),
  /** As `lock.confirm`, where it was chosen. @throws Failure `system-unlock-refused` */
  "lock.confirmBySystem": request(z.object({}), lockState),
  /** Somebody is at work in the window; told at most once in half a minute. */
  "lock.active": request(z.object({}), z.object({})),
};

export const lockEvents = {
  "lock.changed": z.object({ revision: z.number() }),
};
