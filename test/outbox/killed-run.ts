import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What killed-child.ts says. */
export type Said = {
  readonly state?: string;
  readonly hold?: string | null;
  readonly sendAt?: number | null;
  readonly nextTryAt?: number | null;
  readonly nextLookAt?: number | null;
  readonly sent?: boolean;
  readonly filing?: string;
  /** SHA-256 of a message that was frozen and never queued. */
  readonly frozen?: string;
};

export type KilledOptions = {
  readonly bodyBytes?: number;
  readonly undoSeconds?: number;
  /** `files`, or stands still before or after the copy is in Sent. */
  readonly filing?: "files" | "hangs-before" | "hangs-after";
  /** Stands still between the frozen bytes and the row that names them. */
  readonly hangsFrozen?: boolean;
  /** So much later than Send; null = at once. */
  readonly sendInMs?: number | null;
  /** The server is to keep it until then. */
  readonly holdAtServer?: boolean;
};

export type KilledRun = {
  says(what: (said: Said) => boolean): Promise<Said>;
  kill(): Promise<void>;
};

/** An outbox in a process of its own, on the profile as the one before has left it. */
export function startKilled(profileDir: string, port: number, options: KilledOptions = {}): KilledRun {
  const script = new URL("./killed-child.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [script, JSON.stringify({ profileDir, port, ...options })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const heard: Said[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    heard.push(JSON.parse(line) as Said);
    for (const look of waiting) look();
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    says: (what) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = heard.find(what);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
