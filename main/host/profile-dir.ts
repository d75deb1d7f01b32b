import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where the profile lies when none is named: the system's place for a program's own data. */
export function defaultProfileDir(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string = homedir()): string {
  if (platform === "darwin") return join(home, "Library", "Application Support", "Satchel");
  if (platform === "win32") return join(env["APPDATA"] ?? join(home, "AppData", "Roaming"), "Satchel");
  return join(env["XDG_DATA_HOME"] ?? join(home, ".local", "share"), "satchel");
}

/** Makes the folder when it is missing; nobody else may look into it. */
export function makeProfileDir(path: string): string {
  const dir = resolve(path);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return dir;
}
