import { readdirSync, readFileSync } from "node:fs";

/** Processor milliseconds of each kind of thread. */
export type ThreadCpu = Readonly<Record<string, number>>;

/** The kernel counts in hundredths of a second (`USER_HZ`). */
const TICK_MS = 10;
/** proc(5): fields 14 and 15 of `stat`, counted behind the name. */
const USER = 11;
const SYSTEM = 12;

/** What the threads of a process have used so far, by name; threads of one name together. Linux only. */
export function threadCpu(pid: number): ThreadCpu {
  const sums: Record<string, number> = {};
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const stat = statOf(pid, task);
    const name = /\((.*)\)/u.exec(stat)?.[1];
    if (name === undefined) continue;
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    sums[name] = (sums[name] ?? 0) + (Number(fields[USER]) + Number(fields[SYSTEM])) * TICK_MS;
  }
  return sums;
}

/** A thread may end between the listing and the reading. */
function statOf(pid: number, task: string): string {
  try {
    return readFileSync(`/proc/${pid}/task/${task}/stat`, "utf8");
  } catch {
    return "";
  }
}

/** What was used between two readings, for each of `count` things. */
export function cpuForEach(before: ThreadCpu, after: ThreadCpu, count: number): ThreadCpu {
  const used = Object.entries(after).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / count] as const);
  return Object.fromEntries([...used, ["all", used.reduce((sum, [, ms]) => sum + ms, 0)]]);
}
