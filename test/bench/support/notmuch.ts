import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateMessage } from "./mailbox.ts";
import { BENCH_DIR } from "./measured-host.ts";
import { tell } from "./report.ts";

/** notmuch over the generated mailbox as a Maildir. Building its index takes minutes, so both are kept. */
export class Notmuch {
  readonly #env: NodeJS.ProcessEnv;

  constructor(count: number) {
    const folder = join(BENCH_DIR, `notmuch-${count}-v1`);
    const config = join(folder, "config");
    this.#env = { ...process.env, NOTMUCH_CONFIG: config };
    if (existsSync(folder)) return;
    const next = `${folder}.next`;
    tell("Writing the Maildir for notmuch …");
    for (const part of ["cur", "new", "tmp"]) mkdirSync(join(next, "mail", part), { recursive: true });
    for (let index = 0; index < count; index += 1) writeFileSync(join(next, "mail/cur", `${index}:2,S`), generateMessage(index).raw);
    renameSync(next, folder);
    writeFileSync(
      config,
      `[database]\npath=${folder}/mail\n[user]\nname=bench\nprimary_email=bench@example.test\n[new]\ntags=\n[search]\nexclude_tags=\n`,
    );
    tell("notmuch new …");
    execFileSync("notmuch", ["new", "--quiet"], { env: this.#env, stdio: ["ignore", "ignore", "inherit"] });
  }

  /** @returns milliseconds of the whole command */
  search(query: string): number {
    const started = performance.now();
    execFileSync("notmuch", ["search", "--output=messages", "--sort=newest-first", "--limit=50", query], { env: this.#env });
    return performance.now() - started;
  }
}
