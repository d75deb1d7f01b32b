import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readOptions } from "../main/host/options.ts";
import { hasDisplay } from "../main/loopback/browser.ts";
import { bundle } from "./bundle.ts";
import { electronBinary } from "./electron-binary.ts";
import { PROJECT } from "./project.ts";

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);

function options(args: readonly string[]): ReturnType<typeof readOptions> {
  try {
    return readOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

/** Opens Electron when a window can open and its program can be had, else the loopback host. */
async function start(args: readonly string[]): Promise<void> {
  const { noWindow } = options(args);
  await bundle(say);
  if (!noWindow && hasDisplay(process.platform, process.env)) {
    const electron = await electronBinary(say, process.env, Date.now);
    if (electron.path !== null) {
      openElectron(electron.path, args);
      return;
    }
    say(`Electron is not here: ${electron.why}. Satchel opens in a browser window instead.`);
  }
  process.argv.splice(1, process.argv.length, join(PROJECT, "out/main/loopback.js"), ...args);
  await import(pathToFileURL(join(PROJECT, "out/main/loopback.js")).href);
}

function openElectron(program: string, args: readonly string[]): void {
  const root = process.platform === "linux" && process.getuid?.() === 0;
  // Chromium's sandbox does not run as root; nobody but developers in containers starts it so.
  // Where this Node keeps what it compiled is no place for Electron's.
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const child = spawn(program, [...(root ? ["--no-sandbox"] : []), PROJECT, ...args], { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => process.exit(code ?? 1));
}

await start(process.argv.slice(2));
