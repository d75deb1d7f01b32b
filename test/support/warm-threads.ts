import { execFileSync } from "node:child_process";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MAIN = new URL("../../main/", import.meta.url);

/**
 * Fills Node's compile cache with the program's modules, once before all tests.
 *
 * Tests start the program's threads from their TypeScript. Node takes the types out with a WebAssembly program of its own, and several
 * threads that do so at the same moment now and then end the process with SIGSEGV, inside V8's registry of WebAssembly code. What lies in
 * the cache comes from it without that program; it also starts sooner.
 */
export default function warmThreads(): void {
  // The entries of hosts would start them; what they are made of is in the list too.
  const modules = globSync("**/*.ts", { cwd: fileURLToPath(MAIN) })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !path.endsWith("/main.ts") && !path.startsWith("electron/"));
  // An entry of a thread says that it is none here; by then all that it imports is loaded.
  const load = `for (const path of ${JSON.stringify(modules)}) await import("${MAIN.href}" + path).catch(() => {}); process.exit(0);`;
  execFileSync(process.execPath, ["--input-type=module", "--eval", load], { stdio: "ignore" });
}
