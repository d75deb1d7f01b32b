import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { BIN, PROJECT } from "./project.ts";

export type Ran = { readonly code: number; readonly output: string };

/** Runs a program in the project's folder, with the lockfile's binaries first on the path. `show` prints its output as it comes, too. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: { show?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> {
  const path = `${BIN}${delimiter}${process.env["PATH"] ?? ""}`;
  return new Promise((resolve) => {
    const child = spawn(program, [...args], {
      cwd: PROJECT,
      // Through a pipe, programs see no terminal to colour.
      env: { ...process.env, ...(options.show && process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}), ...options.env, PATH: path },
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let output = "";
    const listen = (from: NodeJS.ReadableStream, to: NodeJS.WritableStream): void => {
      from.setEncoding("utf8");
      from.on("data", (piece: string) => {
        output += piece;
        if (options.show) to.write(piece);
      });
    };
    listen(child.stdout, process.stdout);
    listen(child.stderr, process.stderr);
    child.on("error", (error) => resolve({ code: 127, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
