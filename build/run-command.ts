import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { BIN, PROJECT } from "./project.ts";

export type Ran = { readonly code: number; readonly output: string };

/** Runs a program in the project's folder, with the lockfile's binaries first on the path. `show` lets its output through as it comes. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: { show?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> {
  const path = `${BIN}${delimiter}${process.env["PATH"] ?? ""}`;
  return new Promise((resolve) => {
    const child = spawn(program, [...args], {
      cwd: PROJECT,
      env: { ...process.env, ...options.env, PATH: path },
      stdio: ["ignore", options.show ? "inherit" : "pipe", options.show ? "inherit" : "pipe"],
      shell: process.platform === "win32",
    });
    let output = "";
    child.stdout?.on("data", (piece: Buffer) => {
      output += piece.toString();
    });
    child.stderr?.on("data", (piece: Buffer) => {
      output += piece.toString();
    });
    child.on("error", (error) => resolve({ code: 127, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
