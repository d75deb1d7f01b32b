import { execFileSync } from "node:child_process";

export type BenchLine = {
  readonly bench: string;
  readonly n: number;
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  readonly unit: "ms" | "messages/s";
  readonly memoryMb: number;
  readonly fs: string;
} & Readonly<Record<string, number | string | readonly Readonly<Record<string, number>>[]>>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The one line that a bench prints: our figure, the peer's, and ours ÷ peer of the same run. */
export function printBench(line: BenchLine): void {
  const rounded = (_key: string, value: unknown): unknown => (typeof value === "number" ? round(value) : value);
  process.stdout.write(`${JSON.stringify({ ...line, ratio: line.ours / line.peer }, rounded)}\n`);
}

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(4));
}

/** The file system that a folder lies on: the disk decides many of these comparisons. */
export function fileSystemOf(folder: string): string {
  try {
    return execFileSync("stat", ["-f", "-c", "%T", folder], { encoding: "utf8" }).trim();
  } catch {
    return process.platform;
  }
}

/** Progress for the person at the terminal; standard output carries the one line only. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
