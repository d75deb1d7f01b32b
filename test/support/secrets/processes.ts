import { readdirSync, readFileSync } from "node:fs";
import { secretsIn } from "./marks.ts";

/** Secrets that everybody on the computer could read in the list of processes: on the command lines of one and all that it started. Linux only. */
export function secretsInProcesses(root: number, find: (bytes: Buffer) => string[] = secretsIn): string[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    // The name of the program, in parentheses, may itself have spaces and parentheses.
    const parent = Number(/\) \S (\d+) [^)]*$/u.exec(/^\d+$/u.test(name) ? ofProcess(name, "stat") : "")?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: string[] = [];
  const queue = [root];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    const line = ofProcess(String(pid), "cmdline");
    found.push(...find(Buffer.from(line)).map((secret) => `${secret} on the command line of ${line.slice(0, 60).replaceAll("\0", " ")}`));
    queue.push(...(children.get(pid) ?? []));
  }
  return found;
}

/** "" when it ended meanwhile. */
function ofProcess(pid: string, what: "stat" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8");
  } catch {
    return "";
  }
}
