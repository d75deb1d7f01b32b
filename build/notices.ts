import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { PROJECT } from "./project.ts";

// Writes NOTICES.md: every library that ships with Satchel, with its licence and the licence's own words where the package brings them.

/** What is built in; they are development dependencies because they are not packed as packages. */
const BUNDLED = [
  "react",
  "react-dom",
  "react-aria-components",
  "zustand",
  "@tiptap/react",
  "@tiptap/starter-kit",
  "@tiptap/pm",
  "i18next",
  "react-i18next",
  "lucide-react",
  "pdfjs-dist",
  "mailauth",
  "ical.js",
  "jsdom",
  "dompurify",
  "css-tree",
];
/** What a library names and Satchel does not load of it, so that the bundle leaves it out. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  mailauth: ["@postalsys/vmc", "commander", "fast-xml-parser", "ipaddr.js", "undici"],
};
const TEXTS = ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "license", "License", "LICENSE-MIT", "LICENSE.MIT"];
const manifest = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  license: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});

type Library = { name: string; version: string; license: string; text: string | null };

function read(folder: string): z.infer<typeof manifest> {
  return manifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
}

/** As Node finds it from inside `from`. */
function folderOf(name: string, from: string): string | null {
  for (let at = from; at.startsWith(PROJECT.replace(/\/$/u, "")); at = join(at, "..")) {
    const folder = join(at, "node_modules", name);
    if (existsSync(join(folder, "package.json"))) return folder;
  }
  return null;
}

function collect(names: readonly string[], from: string, found: Map<string, Library>): void {
  for (const name of names) {
    const folder = folderOf(name, from);
    if (folder === null) continue;
    const { version = "", license = "see its package", dependencies = {} } = read(folder);
    const key = `${name}@${version}`;
    if (found.has(key)) continue;
    const file = TEXTS.map((text) => join(folder, text)).find(existsSync);
    found.set(key, { name, version, license, text: file === undefined ? null : readFileSync(file, "utf8").trim() });
    const loaded = Object.keys(dependencies).filter((one) => LEFT_OUT[name]?.includes(one) !== true);
    collect(loaded, folder, found);
  }
}

const found = new Map<string, Library>();
collect([...Object.keys(read(PROJECT).dependencies ?? {}), ...BUNDLED], PROJECT, found);
const libraries = [...found.values()].sort((a, b) => a.name.localeCompare(b.name, "en"));
const byText = new Map<string, Library[]>();
for (const library of libraries) if (library.text !== null) byText.set(library.text, [...(byText.get(library.text) ?? []), library]);
const lines = [
  "# Third-party notices",
  "",
  "Satchel ships with these libraries. Made by `node build/run.mjs notices`; Electron brings its own notices.",
  "",
  "`main/accounts/provider-list.ts` is a snapshot of the provider list of Thunderbird (github.com/thunderbird/autoconfig), reduced to its encrypted servers, under the Mozilla Public License 2.0 (https://mozilla.org/MPL/2.0/).",
  "",
  "Libraries under that licence are unchanged; their source is in the packages of their names on npmjs.com.",
  "",
  "| library | version | licence |",
  "|---|---|---|",
  ...libraries.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`),
  "",
  ...[...byText].flatMap(([text, theirs]) => [
    `## ${theirs.map(({ name }) => name).join(", ")}`,
    "",
    "```text",
    text.replaceAll("```", "'''"),
    "```",
    "",
  ]),
];
writeFileSync(join(PROJECT, "NOTICES.md"), lines.join("\n"));
process.stdout.write(`NOTICES.md: ${libraries.length} libraries\n`);
