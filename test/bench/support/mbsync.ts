import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One run of `mbsync` into a Maildir of `folder`, with its default FSync, PLAIN login and no TLS. */
export class Mbsync {
  readonly #folder: string;
  readonly #config: string;

  constructor(folder: string, server: { port: number; user: string; password: string }) {
    this.#folder = folder;
    this.#config = join(folder, "mbsyncrc");
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      this.#config,
      [
        "IMAPAccount bench",
        "Host 127.0.0.1",
        `Port ${server.port}`,
        `User ${server.user}`,
        `Pass ${server.password}`,
        "SSLType None",
        // With LOGIN it sleeps a second.
        "AuthMechs PLAIN",
        "",
        "IMAPStore far",
        "Account bench",
        "",
        "MaildirStore near",
        `Path ${folder}/maildir/`,
        `Inbox ${folder}/maildir/INBOX`,
        "SubFolders Verbatim",
        "",
        "Channel bench",
        "Far :far:",
        "Near :near:",
        "Patterns *",
        "Create Near",
        "Sync Pull",
        "SyncState *",
        "",
      ].join("\n"),
    );
  }

  /** Forgets all that was synced before. */
  clear(): void {
    rmSync(join(this.#folder, "maildir"), { recursive: true, force: true });
    mkdirSync(join(this.#folder, "maildir"), { recursive: true });
  }

  /** @returns milliseconds */
  run(): Promise<number> {
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const child = spawn("mbsync", ["-q", "-c", this.#config, "bench"], { stdio: ["ignore", "ignore", "inherit"] });
      child.once("error", reject);
      child.once("exit", (code) => (code === 0 ? resolve(performance.now() - started) : reject(new Error(`mbsync ended with ${code}`))));
    });
  }
}
