const DAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const DAILY = 0x200a;
const WEEKLY = 0x200b;
const YEARLY = 0x200d;
const FREQUENCIES: Readonly<Record<number, string>> = { [DAILY]: "DAILY", [WEEKLY]: "WEEKLY", 8204: "MONTHLY", [YEARLY]: "YEARLY" };
const NEVER_ENDS = 0x2023;
const MINUTES = 1440;
/** The fifth of its kind is the last, whether there is a fourth or not. */
const LAST = 5;

/**
 * How a meeting of Outlook comes again, as a rule of RFC 5545 (MS-OXOCAL §2.2.1.44.1).
 * @returns null when it does not, or goes by a calendar that such a rule does not know
 */
export function recurrenceRule(bytes: Buffer | undefined): string | null {
  if (bytes === undefined || bytes.length < 30) return null;
  const [frequency, pattern, calendar] = [bytes.readUInt16LE(4), bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  const freq = FREQUENCIES[frequency];
  if (freq === undefined || calendar > 1) return null;
  // Every working day is a week's pattern under another name.
  const daily = frequency === DAILY && pattern === 0;
  const period = bytes.readUInt32LE(14);
  const interval = daily ? period / MINUTES : frequency === YEARLY ? period / 12 : pattern === 1 && frequency === DAILY ? 1 : period;
  const [where, after] = placesIn(bytes, pattern);
  if (where === null || after + 8 > bytes.length) return null;
  const ends = bytes.readUInt32LE(after) !== NEVER_ENDS;
  const count = bytes.readUInt32LE(after + 4);
  return [
    `FREQ=${frequency === DAILY && !daily ? "WEEKLY" : freq}`,
    interval > 1 && Number.isInteger(interval) ? `INTERVAL=${interval}` : "",
    where,
    ends && count > 0 ? `COUNT=${count}` : "",
  ]
    .filter((part) => part !== "")
    .join(";");
}

/** What of a week or month it is, and where its end is told. */
function placesIn(bytes: Buffer, pattern: number): [where: string | null, after: number] {
  const at = 22;
  switch (pattern) {
    case 0:
      return ["", at];
    case 1:
      return [`BYDAY=${daysOf(bytes.readUInt32LE(at)).join(",")}`, at + 4];
    case 2: {
      const day = bytes.readUInt32LE(at);
      return [`BYMONTHDAY=${day === 31 ? -1 : day}`, at + 4];
    }
    case 3: {
      const [days, nth] = [daysOf(bytes.readUInt32LE(at)), bytes.readUInt32LE(at + 4)];
      const place = nth === LAST ? -1 : nth;
      const where = days.length === 1 ? `BYDAY=${place}${days[0]}` : `BYDAY=${days.join(",")};BYSETPOS=${place}`;
      return [where, at + 8];
    }
    default:
      return [null, at];
  }
}

function daysOf(bits: number): string[] {
  return DAYS.filter((_, day) => (bits & (1 << day)) !== 0);
}
