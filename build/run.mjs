// Runs build/NAME.ts: `node build/run.mjs start --demo`. Plain JavaScript for Node 20, because it runs before anything is installed;
// what it starts runs on the Node 24 that the lockfile brings.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(project, "node_modules");
const stamp = join(modules, ".satchel-lock");
const lockfile = join(project, "package-lock.json");
const ownNode = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");
const LEAST_NODE = 20;
const OWN_NODE = 24;

function lockHash() {
  return createHash("sha256").update(readFileSync(lockfile)).digest("hex");
}

/** Whether node_modules is what the lockfile says: by our own note, else by npm's, when it is the younger file. */
function installed() {
  if (!existsSync(ownNode)) return false;
  if (existsSync(stamp)) return readFileSync(stamp, "utf8") === lockHash();
  const hidden = join(modules, ".package-lock.json");
  if (!existsSync(hidden) || statSync(hidden).mtimeMs < statSync(lockfile).mtimeMs) return false;
  writeFileSync(stamp, lockHash());
  return true;
}

function install() {
  process.stdout.write("Installing what the lockfile names (npm ci). This is needed once.\n");
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env.npm_execpath;
  const node = process.env.npm_node_execpath ?? process.execPath;
  const options = { cwd: project, stdio: "inherit" };
  const done = npm
    ? spawnSync(node, [npm, ...args], options)
    : spawnSync(process.platform === "win32" ? "npm.cmd" : "npm", args, { ...options, shell: process.platform === "win32" });
  if (done.status !== 0) fail("npm ci did not succeed; its own words stand above.");
  if (!existsSync(ownNode))
    fail("npm ci ran without install scripts, so the project's Node 24 is missing. Allow install scripts and try again.");
  writeFileSync(stamp, lockHash());
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

const [name = "", ...args] = process.argv.slice(2);
const script = join(project, "build", `${name}.ts`);
if (!/^[a-z]+$/u.test(name) || !existsSync(script)) fail(`There is no build/${name}.ts to run.`);
const major = Number(process.versions.node.split(".")[0]);
if (major < LEAST_NODE) fail(`Satchel needs Node ${LEAST_NODE} or newer; this is ${process.version}.`);
if (!installed()) install();

if (major >= OWN_NODE) {
  // What was compiled once, stripped of its types as well, is not compiled again.
  const cache = join(project, "out", ".compile-cache");
  nodeModule.enableCompileCache(cache);
  // Threads look here: the engine's loads a megabyte before it answers.
  if (name === "start") process.env.NODE_COMPILE_CACHE = cache;
  process.argv.splice(1, 2, script);
  await import(pathToFileURL(script).href);
} else {
  const child = spawn(ownNode, [fileURLToPath(import.meta.url), name, ...args], { cwd: process.cwd(), stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}
