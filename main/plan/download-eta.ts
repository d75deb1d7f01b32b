import { DAY_HOURS, type HourUse, hourOf, PART_USED } from "./limits.ts";

/** What came in how much time of work; what is long ago weighs less. */
export type Measured = { readonly bytes: number; readonly ms: number };
export const NOTHING_MEASURED: Measured = { bytes: 0, ms: 0 };

/** When all of it will be here, ms UTC. `bytesADay`: what the provider gives, where it is that which takes so long. */
export type Eta = { readonly finishAt: number; readonly bytesADay: number | null };

const HOUR = 3_600_000;
/** An hour of work ago counts a third. */
const REMEMBERED_MS = HOUR;
/** Less says nothing of the rest. */
const LEAST_MS = 3000;
const LEAST_BYTES = 100_000;
/** What is told stays as long as it is right to a twentieth of what is left. */
const STEADY_PART = 0.05;
/** Further ahead it goes on as it went until there. */
const LOOKED_AHEAD_HOURS = 60 * DAY_HOURS;

/** @param ms time of work, without pauses */
export function measure(before: Measured, bytes: number, ms: number): Measured {
  const kept = Math.exp(-ms / REMEMBERED_MS);
  return { bytes: before.bytes * kept + bytes, ms: before.ms * kept + ms };
}

/** Bytes a second; null while nobody can know. */
export function speedOf({ bytes, ms }: Measured): number | null {
  return ms < LEAST_MS || bytes < LEAST_BYTES ? null : (bytes * 1000) / ms;
}

/** What is known of the time that the rest takes. */
export type EtaFacts = {
  readonly bytesToGo: number;
  readonly bytesPerSecond: number;
  readonly use: readonly HourUse[];
  readonly bytesADay: number | null;
  /** The server asked for a pause until then, ms UTC. */
  readonly blockedUntil: number | null;
};

/** Goes through the hours to come as `planPause` will: at the speed that was measured, and not at all in an hour whose day is full. */
export function planEta({ bytesToGo, bytesPerSecond, use, bytesADay, blockedUntil }: EtaFacts, now: number): Eta {
  const begin = Math.max(now, blockedUntil ?? 0);
  if (bytesADay === null) return { finishAt: begin + (bytesToGo * 1000) / bytesPerSecond, bytesADay: null };
  const most = bytesADay * PART_USED;
  const perMs = bytesPerSecond / 1000;
  const first = hourOf(begin);
  const used = new Map(use.map(({ hour, bytes }) => [hour, bytes]));
  let counted = 0;
  for (let hour = first - DAY_HOURS; hour < first; hour += 1) counted += used.get(hour) ?? 0;
  let left = bytesToGo;
  let at = begin;
  let waits = false;
  for (let hour = first; hour < first + LOOKED_AHEAD_HOURS; hour += 1) {
    counted += used.get(hour) ?? 0;
    const room = Math.max(0, most - counted);
    const comes = Math.min(left, room, ((hour + 1) * HOUR - at) * perMs);
    left -= comes;
    if (left <= 0) return { finishAt: at + comes / perMs, bytesADay: waits ? bytesADay : null };
    waits ||= comes === room;
    used.set(hour, (used.get(hour) ?? 0) + comes);
    counted += comes - (used.get(hour - DAY_HOURS) ?? 0);
    at = (hour + 1) * HOUR;
  }
  const came = bytesToGo - left;
  return { finishAt: at + (came > 0 ? (left * (at - begin)) / came : left / perMs), bytesADay: waits ? bytesADay : null };
}

/** What is told keeps its word while it is nearly right, so that it counts down and does not jump. */
export function steady(told: Eta | null, next: Eta, now: number): Eta {
  const isNear = told !== null && Math.abs(told.finishAt - next.finishAt) <= STEADY_PART * (next.finishAt - now);
  return isNear && told.bytesADay === next.bytesADay ? told : next;
}
