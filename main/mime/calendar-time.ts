import { ICAL } from "./ical.ts";

/** What the clock shows, in ms as though it were UTC. */
export function wallOf({ year, month, day, hour, minute, second, isDate }: ICAL.Time): number {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  if (!isDate) at.setUTCHours(hour, minute, second);
  return at.getTime();
}

/** The other way round; of no zone. */
export function timeAt(wall: number): ICAL.Time {
  const at = new Date(wall);
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  const [hour, minute, second] = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  return ICAL.Time.fromData({ year, month, day, hour, minute, second, isDate: false });
}
