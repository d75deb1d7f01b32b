import { type Arguments, SyntaxRefusal } from "./arguments.ts";

/** Ranges as written; `*` is null until the mailbox says what it is. */
export type SequenceSet = readonly (readonly [number | null, number | null])[];

export function readSequenceSet(from: Arguments): SequenceSet {
  const text = from.match(/[\d*:,]+/);
  if (text === null) throw new SyntaxRefusal("expected a message set");
  return text.split(",").map((range) => {
    const [first, last = first, ...more] = range.split(":").map(bound);
    if (first === undefined || last === undefined || more.length > 0) throw new SyntaxRefusal(`not a message set: ${text}`);
    return [first, last] as const;
  });
}

function bound(text: string): number | null {
  if (text === "*") return null;
  if (!/^[1-9]\d*$/.test(text) || Number(text) > 0xffff_ffff) throw new SyntaxRefusal(`not a message number: ${text}`);
  return Number(text);
}

/** Whether a number is in the set, with `*` standing for the largest number in use. */
export function inSet(set: SequenceSet, number: number, largest: number): boolean {
  return set.some(([a, b]) => {
    const first = a ?? largest;
    const last = b ?? largest;
    return number >= Math.min(first, last) && number <= Math.max(first, last);
  });
}

/** The largest number that the set names; 0 where it names none but `*`. */
export function largestNamed(set: SequenceSet): number {
  return Math.max(0, ...set.flatMap(([a, b]) => [a ?? 0, b ?? 0]));
}

/** 1,2,3,5 → `1:3,5`. The numbers must be in ascending order. */
export function compressed(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] + 1 === number) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}:${last}`)).join(",");
}
