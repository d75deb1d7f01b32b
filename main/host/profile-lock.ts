import { createHash, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** What the instance that has the profile tells a second one. */
export type FirstInstance = { readonly pid: number; readonly address: string | null };

export type ProfileLock = { readonly held: true; release(): void } | { readonly held: false; readonly first: FirstInstance };

const ANSWER_DEADLINE_MS = 2_000;
const ATTEMPTS = 5;

/**
 * Takes the profile for this process, so that two engines never write one store. The lock is a listening socket (a named pipe on
 * Windows): it ends with its process, however that ends, and a second instance can talk to the first through it.
 * @param onSecond a second instance asks: bring the window up; the answer is an address where it can be seen, or null
 */
export async function lockProfile(profileDir: string, onSecond: () => string | null): Promise<ProfileLock> {
  const path = lockPath(realpathSync(profileDir));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const server = await listen(path, onSecond);
    if (server !== null) return { held: true, release: () => void server.close() };
    const first = await askFirst(path);
    if (first !== null) return { held: false, first };
    await removeStale(path);
  }
  return { held: false, first: { pid: 0, address: null } };
}

function lockPath(profileDir: string): string {
  const name = createHash("sha256").update(profileDir).digest("hex").slice(0, 24);
  if (process.platform === "win32") return `\\\\.\\pipe\\satchel-${name}`;
  // Not in the profile: a socket's path may have no more than some 100 characters.
  const folder = join(process.env["XDG_RUNTIME_DIR"] ?? tmpdir(), `satchel-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, name);
}

/** Null when the place is taken. */
async function listen(path: string, onSecond: () => string | null): Promise<Server | null> {
  const server = createServer((socket) => {
    // A second instance that dies while it asks is no concern of the first.
    socket.on("error", () => socket.destroy());
    socket.end(JSON.stringify({ pid: process.pid, address: onSecond() } satisfies FirstInstance));
  });
  server.unref();
  if (process.platform === "win32") return (await listening(server, path)) ? server : null;
  // The socket is made elsewhere and linked into place, which succeeds for one process only.
  const own = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  if (!(await listening(server, own))) throw new Error("the profile cannot be locked");
  try {
    linkSync(own, path);
  } catch (error) {
    server.close();
    if (isCode(error, "EEXIST")) return null;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
  server.on("close", () => rmSync(path, { force: true }));
  return server;
}

function listening(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once("listening", () => resolve(true));
    server.once("error", (error) => (isCode(error, "EADDRINUSE") ? resolve(false) : reject(error)));
    server.listen(path);
  });
}

/** Null when nobody answers: the place was left behind by a process that was killed. */
function askFirst(path: string): Promise<FirstInstance | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let text = "";
    const unknown = { pid: 0, address: null };
    socket.setTimeout(ANSWER_DEADLINE_MS, () => {
      // Somebody listens but is busy: it has the profile all the same.
      resolve(unknown);
      socket.destroy();
    });
    socket.setEncoding("utf8");
    socket.on("data", (piece: string) => {
      text += piece;
    });
    socket.on("end", () => resolve(text === "" ? unknown : (JSON.parse(text) as FirstInstance)));
    socket.on("error", () => resolve(null));
  });
}

/** Moves the place aside; should another process have taken it this very moment, it is put back. */
async function removeStale(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return;
    throw error;
  }
  try {
    if ((await askFirst(aside)) !== null) linkSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
