import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PROJECT } from "./project.ts";

const REACH_DEADLINE_MS = 6_000;
const FETCH_DEADLINE_MS = 180_000;
const TRY_AGAIN_AFTER_MS = 24 * 3_600_000;
const DEFAULT_MIRROR = "https://github.com/electron/electron/releases/download/";

export type ElectronBinary = { readonly path: string } | { readonly path: null; readonly why: string };

const electronDir = dirname(createRequire(import.meta.url).resolve("electron/package.json"));
const failedNote = join(PROJECT, "out", ".electron-not-fetched");

/** The Electron program when it lies there, without fetching anything. */
export function installedElectron(dir: string = electronDir): string | null {
  const pathFile = join(dir, "path.txt");
  if (!existsSync(pathFile)) return null;
  const program = join(process.env["ELECTRON_OVERRIDE_DIST_PATH"] ?? join(dir, "dist"), readFileSync(pathFile, "utf8").trim());
  return existsSync(program) ? program : null;
}

/** Where the binary is fetched from: ELECTRON_MIRROR, as npm spells it too, else GitHub. */
export function mirror(env: NodeJS.ProcessEnv): string {
  return env["ELECTRON_MIRROR"] ?? env["npm_config_electron_mirror"] ?? DEFAULT_MIRROR;
}

/**
 * Electron, fetched when it is missing. Within a day of a failure nothing is tried again, so that later starts are quick; another mirror, or
 * SATCHEL_FETCH_ELECTRON=1, tries at once.
 */
export async function electronBinary(say: (sentence: string) => void, env: NodeJS.ProcessEnv, now: () => number): Promise<ElectronBinary> {
  const there = installedElectron();
  if (there !== null) return { path: there };
  const from = mirror(env);
  const earlier = lastFailure();
  if (earlier?.from === from && now() - earlier.at < TRY_AGAIN_AFTER_MS && env["SATCHEL_FETCH_ELECTRON"] !== "1") {
    return { path: null, why: earlier.why };
  }
  say(`Fetching Electron from ${from} …`);
  const why = (await reach(from)) ?? (await fetchBinary(say));
  const fetched = installedElectron();
  if (fetched !== null) return { path: fetched };
  const reason = why ?? "the fetched files are not complete";
  mkdirSync(dirname(failedNote), { recursive: true });
  writeFileSync(failedNote, JSON.stringify({ from, at: now(), why: reason }));
  return { path: null, why: reason };
}

function lastFailure(): { from: string; at: number; why: string } | null {
  if (!existsSync(failedNote)) return null;
  // Written by this file only; `out/` can be deleted at any time.
  return JSON.parse(readFileSync(failedNote, "utf8")) as { from: string; at: number; why: string };
}

/** A quick knock at the door, so that a line without the Internet does not cost the whole deadline. Null when somebody answers. */
async function reach(from: string): Promise<string | null> {
  try {
    await fetch(from, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(REACH_DEADLINE_MS) });
    return null;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return `${new URL(from).host} cannot be reached (${cause})`;
  }
}

/** Electron's own installer checks the download against the checksums in its package. Null when it says that it succeeded. */
function fetchBinary(say: (sentence: string) => void): Promise<string | null> {
  const child = spawn(process.execPath, [join(electronDir, "install.js")], { stdio: ["ignore", "ignore", "pipe"] });
  const started = performance.now();
  const progress = setInterval(() => say(`… still fetching, ${Math.round((performance.now() - started) / 1000)} s`), 5_000);
  let words = "";
  child.stderr.on("data", (piece: Buffer) => {
    words = `${words}${piece.toString()}`.slice(-2_000);
  });
  return new Promise((resolve) => {
    const finish = (why: string | null): void => {
      clearInterval(progress);
      clearTimeout(deadline);
      resolve(why);
    };
    const deadline = setTimeout(() => {
      child.kill();
      finish(`the download took longer than ${FETCH_DEADLINE_MS / 1000} s`);
    }, FETCH_DEADLINE_MS);
    child.on("close", (code) => finish(code === 0 ? null : (words.split("\n")[0] ?? `the installer ended with ${code}`)));
  });
}
