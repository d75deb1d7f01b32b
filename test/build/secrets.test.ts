import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { secretsBelow } from "../support/secrets/files.ts";
import { MARKS } from "../support/secrets/marks.ts";
import { secretsInProcesses } from "../support/secrets/processes.ts";

// Put together here, so that the suite does not find its own tests of finding.
const PLANTED = ["secret", "user1"].join("-");

describe("the search at the end of the suite", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "satchel-planted-"));
  });
  // What was planted is made harmless before it is taken away: the search would find it again.
  afterEach(() => {
    for (const name of globSync("**/*.*", { cwd: folder })) writeFileSync(join(folder, name), "");
    rmSync(folder, { recursive: true });
  });

  test.each([
    ["as it is", (secret: string) => Buffer.from(`{"note":"${secret}"}`)],
    ["in base64, wherever in it", (secret: string) => Buffer.from(Buffer.from(`\0lin\0${secret}`).toString("base64"))],
    ["in UTF-16", (secret: string) => Buffer.from(secret, "utf16le")],
    ["across the border of two pieces of a large file", (secret: string) => Buffer.from(`${" ".repeat(4 * 1024 * 1024 - 3)}${secret}`)],
  ])("finds a secret that was left %s", (_, bytes) => {
    mkdirSync(join(folder, "profile/logs"), { recursive: true });
    const file = join(folder, "profile/logs/satchel.txt");
    writeFileSync(file, bytes(PLANTED));
    expect(secretsBelow(folder)).toEqual([expect.stringContaining(file)]);
    writeFileSync(file, bytes("nothing"));
    expect(secretsBelow(folder)).toEqual([]);
  });

  test.skipIf(process.platform !== "linux")(
    "finds a secret on the command line of what a test started, and of what that started",
    async () => {
      // Not of the suite's form: it would be found by the search that is under way.
      const find = (bytes: Buffer): string[] => (bytes.includes("planted-word") ? ["planted-word"] : []);
      const asleep = `setInterval(() => {}, 1000); console.log("here")`;
      const outer = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(asleep)}, ["planted", "word"].join("-")], { stdio: "inherit" })`;
      const child = spawn(process.execPath, ["-e", outer], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout, "data");
      const found = secretsInProcesses(process.pid, find);
      process.kill(-(child.pid ?? 0), "SIGKILL");
      expect(found).toEqual([expect.stringMatching(/^planted-word on the command line of /u)]);
    },
  );
});

/** Words that are told to be wrong, or to be none, and never given to anything that keeps them. */
const NOT_SECRET = new Set(["", "password", "app-password", "authorization-code", "wrong", "MyPassword2026", "Password2026"]);
/** Nothing there runs the program: what is a password in these lines is what servers say, or what an address line is made of. */
const NOT_RUN = ["answers/examples.ts", "plan/proxy.test.ts", "servers/imap/commands/access.ts", "servers/pop3/sign-in.ts"];

test("every password, passphrase and token of the suite begins so that it is found", () => {
  const named =
    /(?:password|passphrase|access_?token|refresh_?token|client_?secret|\bsecret|\bpin|\bpass)"?\s*[:=]\s*(["'`])(?<words>(?:(?!\1).)*)\1/giu;
  const root = join(import.meta.dirname, "..");
  const others = globSync("**/*.{ts,tsx}", { cwd: root })
    .filter((file) => !NOT_RUN.includes(file.replaceAll("\\", "/")))
    .flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(named)]
        .map(({ groups }) => groups?.["words"] ?? "")
        .filter((words) => !NOT_SECRET.has(words) && !MARKS.some((mark) => words.startsWith(mark)))
        .map((words) => `${file}: ${words}`),
    );
  expect(others).toEqual([]);
});
