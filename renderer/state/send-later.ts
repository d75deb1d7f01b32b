import { daysLater, momentOf, type WallTime, wallTimeAt } from "../../shared/wall-clock.ts";

/** The zone of this computer's clock. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export type LaterChoice = { readonly key: "thisEvening" | "tomorrowMorning" | "mondayMorning"; readonly at: number };

const MORNING = 8;
const EVENING = 19;

/** The moments that people mostly mean, as far as they make sense now, in their order. */
export function laterChoices(now: number, zone: string): LaterChoice[] {
  const today = wallTimeAt(now, zone);
  const at = (days: number, hour: number): number => momentOf({ ...daysLater(today, days), hour, minute: 0 }, zone);
  const weekday = new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay();
  const toMonday = (8 - weekday) % 7 || 7;
  const choices: LaterChoice[] = [];
  // An hour before it, "this evening" is no choice any more.
  if (today.hour < EVENING - 1) choices.push({ key: "thisEvening", at: at(0, EVENING) });
  choices.push({ key: "tomorrowMorning", at: at(1, MORNING) });
  if (toMonday > 1) choices.push({ key: "mondayMorning", at: at(toMonday, MORNING) });
  return choices;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** For an `<input type="datetime-local">`, which knows nothing of zones. */
export function asInput(at: number, zone: string): string {
  const { year, month, day, hour, minute } = wallTimeAt(at, zone);
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

/** The moment that such an input means, or null while it is not complete. */
export function fromInput(text: string, zone: string): number | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/u.exec(text);
  if (found === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = found.slice(1).map(Number);
  const wall: WallTime = { year, month, day, hour, minute };
  return momentOf(wall, zone);
}
