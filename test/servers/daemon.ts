import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A server program in a process group of its own, which ends with this process whatever happens to it. */
export interface Daemon {
  stop(): Promise<void>;
  /** SIGKILL to the whole group: no goodbye to clients, nothing tidied up. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  readonly running: boolean;
  /** The last lines that it printed. */
  lastWords(): string;
}

export interface DaemonCommand {
  program: string;
  args: readonly string[];
  logFile: string;
  /** Drop to this user where we are root. */
  user: string;
  group: string;
}

/** Processes that were killed and are not yet gone from the table. */
const LONGEST_FAREWELL_MS = 5_000;

const groups = new Set<number>();
process.once("exit", () => {
  for (const pid of groups) signal(pid, "SIGKILL");
});

export function startDaemon(command: DaemonCommand): Daemon {
  const log = openSync(command.logFile, "a");
  const asRoot = process.getuid?.() === 0;
  // pdeathsig: a test runner that is itself killed must not leave servers behind.
  const identity = asRoot ? ["--reuid", command.user, "--regid", command.group, "--clear-groups"] : [];
  const child = spawn("setpriv", ["--pdeathsig", "TERM", ...identity, command.program, ...command.args], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  const pid = child.pid;
  if (pid !== undefined) groups.add(pid);
  const ended = whenEnded(child).then(async () => {
    if (pid === undefined) return;
    groups.delete(pid);
    // The leader's children may outlive it for a moment, holding ports and sockets that the next one wants.
    const deadline = performance.now() + LONGEST_FAREWELL_MS;
    while (signal(pid, "SIGKILL") && performance.now() < deadline) await delay(5);
  });
  const send = (name: NodeJS.Signals): void => {
    if (pid !== undefined && groups.has(pid)) signal(pid, name);
  };
  return {
    stop: async () => {
      send("SIGCONT");
      if (pid !== undefined && groups.has(pid)) child.kill("SIGTERM");
      const late = AbortSignal.timeout(5_000);
      late.addEventListener("abort", () => send("SIGKILL"));
      await ended;
    },
    kill: async () => {
      send("SIGKILL");
      await ended;
    },
    pause: () => send("SIGSTOP"),
    resume: () => send("SIGCONT"),
    get running() {
      return pid !== undefined && groups.has(pid);
    },
    lastWords: () => readFileSync(command.logFile, "utf8").slice(-1_000),
  };
}

function whenEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
}

/** @returns whether somebody of the group was there to be told */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, name);
    return true;
  } catch (error) {
    // ESRCH: the group is gone already, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    return false;
  }
}

/** Resolves once all ports take connections; fails when the daemon ends first or nothing opened within the time. */
export async function whenListening(daemon: Daemon, ports: readonly number[], withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (const port of ports) {
    while (!(await accepts(port))) {
      if (!daemon.running) throw new Error(`the server ended before port ${port} opened: ${daemon.lastWords()}`);
      if (performance.now() > deadline) throw new Error(`port ${port} did not open within ${withinMs} ms: ${daemon.lastWords()}`);
      await delay(20);
    }
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
