import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, posix, relative, sep } from "node:path";
import { parseSync } from "vite";
import { MAIN_ROWS, PACKAGES, PURE, WINDOW_ROWS } from "./layer-rules.ts";

export type Violation = { readonly file: string; readonly imports: string; readonly why: string };
export type LayerReport = { readonly modules: number; readonly imports: number; readonly violations: readonly Violation[] };

const BUILTIN = new Set(builtinModules);
// import("…") in code and in types, and a thread named by its address, are imports as well.
const OTHER_IMPORTS = /\bimport\(\s*["']([^"']+)["']\s*\)|new URL\(\s*["'](\.[^"']+\.tsx?)["']\s*,\s*import\.meta\.url/gu;

/** Reads every import below shared/, main/ and renderer/ and holds it against the rules. `root` is a project's folder. */
export function checkLayers(root: string): LayerReport {
  const files = ["shared", "main", "renderer"].flatMap((folder) => sourcesBelow(root, folder));
  let count = 0;
  const violations = files.flatMap((file) => {
    const targets = importsOf(file, readFileSync(join(root, file), "utf8"));
    count += targets.length;
    return targets.flatMap((target) => {
      const why = judge(file, target);
      return why === null ? [] : [{ file, imports: target, why }];
    });
  });
  return { modules: files.length, imports: count, violations };
}

function sourcesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/u.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

function importsOf(file: string, source: string): string[] {
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const imported = module.staticImports.map(({ moduleRequest }) => moduleRequest.value);
  const exported = module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []));
  const others = [...source.matchAll(OTHER_IMPORTS)].flatMap(([, one, other]) => one ?? other ?? []);
  return [...new Set([...imported, ...exported, ...others])];
}

/** Why this import is not allowed, or null. */
function judge(file: string, target: string): string | null {
  const from = placeOf(file);
  if (!target.startsWith(".")) return judgePackage(file, from, target);
  const path = posix.normalize(posix.join(dirname(file).split(sep).join("/"), target));
  return judgeFile(from, placeOf(path), path);
}

/** "shared", "main", "main/store", "renderer", "renderer/ui" …; sub-folders belong to their folder. */
function placeOf(path: string): string {
  const [top = "", folder = "", ...rest] = path.split("/");
  return top === "shared" || rest.length === 0 ? top : `${top}/${folder}`;
}

function judgeFile(from: string, to: string, path: string): string | null {
  if (from === to || to === "shared") return null;
  if (from === "shared") return "shared/ imports only itself";
  if (from === "main/plan") return "plan/ imports only shared/";
  if (from.split("/")[0] !== to.split("/")[0]) return `${from}/ and ${to}/ meet in shared/ only`;
  if (to === "main")
    return /^main\/(?:log[a-z-]*|pulse[a-z-]*)\.ts$/u.test(path)
      ? null
      : "directly in main/ only the log may lie, and the pulse of threads";
  if (from === "main") return "the log and the pulse import only shared/";
  if (from === "renderer") return null;
  if (to === "renderer") return "nothing imports the window's own start";
  const rows = from.startsWith("main/") ? MAIN_ROWS : WINDOW_ROWS;
  const rowOf = (place: string) => rows.findIndex((row) => row.includes(place.split("/")[1] ?? ""));
  const [mine, theirs] = [rowOf(from), rowOf(to)];
  if (mine === -1 || theirs === -1) return `${mine === -1 ? from : to}/ has no row in build/layer-rules.ts`;
  if (mine === theirs) return `${from}/ and ${to}/ stand in one row`;
  return theirs > mine ? `${to}/ stands above ${from}/` : null;
}

function judgePackage(file: string, from: string, target: string): string | null {
  const builtin = target.startsWith("node:") || BUILTIN.has(target);
  const pure = PURE[from];
  if (pure !== undefined && !pure.includes(target))
    return `${from}/ takes ${pure.length === 0 ? "no packages" : `only ${pure.join(", ")}`}`;
  if (builtin) return file.startsWith("renderer/") ? "the window has no Node" : null;
  const rule = Object.keys(PACKAGES)
    .filter((name) => target === name || (name.endsWith("/") && target.startsWith(name)))
    .sort((one, other) => other.length - one.length)[0];
  const allowed = rule === undefined ? undefined : PACKAGES[rule];
  if (allowed === undefined || allowed.some((place) => from === place || from.startsWith(`${place}/`))) return null;
  return `${rule} is for ${allowed.join(" and ")} only`;
}
