import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { THREAD_POLICY, windowPolicy } from "./content-policy.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/** The thread that reads documents of strangers: it has a policy of its own. */
const READER_THREAD = /\/pdf\.worker[^/]*\.mjs$/u;

export type WindowFile = {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly immutable: boolean;
  /** To be served under. */
  readonly policy: string;
};

/**
 * The files of the window's bundle. They are listed once: an address that is not in the list does not exist, so no address can lead
 * out of the folder.
 */
export class WindowFiles {
  readonly #policy: string;
  readonly #nonce = randomBytes(16).toString("base64");
  readonly #paths = new Map<string, string>();

  constructor(folder: string) {
    this.#policy = windowPolicy(this.#nonce);
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      this.#paths.set(`/${relative(folder, file).split(sep).join("/")}`, file);
    }
  }

  /** @param path of the address, as it stands there; "/" is index.html */
  async read(path: string): Promise<WindowFile | null> {
    const name = path === "/" ? "/index.html" : path;
    const file = this.#paths.get(name);
    if (file === undefined) return null;
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    // Vite puts a hash of the content into the names below assets/.
    const bytes = await readFile(pathToFileURL(file));
    if (name === "/index.html") return { type, bytes: this.#withNonce(bytes), immutable: false, policy: this.#policy };
    const policy = READER_THREAD.test(name) ? THREAD_POLICY : this.#policy;
    return { type, bytes, immutable: name.startsWith("/assets/"), policy };
  }

  // Where the window's libraries look for it; a script can read it there, injected markup cannot guess it.
  #withNonce(page: Buffer): Buffer {
    return Buffer.from(page.toString("utf8").replace("<head>", `<head><meta name="csp-nonce" nonce="${this.#nonce}">`));
  }
}
