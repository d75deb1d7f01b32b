import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PROJECT } from "./project.ts";
import { whenStale } from "./stale.ts";

const OUT = join(PROJECT, "out");
const COMMON = ["shared", "package-lock.json", "tsconfig.json"];
const WINDOW_INPUTS = ["renderer", "build/vite.renderer.ts", ...COMMON];
const MAIN_INPUTS = ["main", "build/bundle.ts", "build/flat-entries.ts", "build/thread-entries.ts", "build/lazy-entries.ts", ...COMMON];

/** What checks signatures, without the parts of its library that Satchel has no use for (docs/decisions/0051). */
const SIGNATURES = [
  "mailauth",
  "joi",
  /^@hapi\//u,
  "@standard-schema/spec",
  "tldts",
  "tldts-core",
  "libmime",
  "libbase64",
  "libqp",
  "iconv-lite",
  "safer-buffer",
  "encoding-japanese",
  "punycode.js",
];

/** What cleans a stranger's HTML, with all that it needs: one file is read in half the time that five hundred take (`mime/html-library`). */
const HTML = [
  "jsdom",
  "dompurify",
  "css-tree",
  "mdn-data",
  "source-map-js",
  /^@asamuzakjp\//u,
  /^@csstools\//u,
  "@bramus/specificity",
  "@exodus/bytes",
  "bidi-js",
  "require-from-string",
  "is-potential-custom-element-name",
  "data-urls",
  /^whatwg-/u,
  "tr46",
  "punycode",
  "webidl-conversions",
  "decimal.js",
  "html-encoding-sniffer",
  "lru-cache",
  "yallist",
  "parse5",
  "entities",
  "saxes",
  "xmlchars",
  "symbol-tree",
  "tough-cookie",
  "undici",
  "w3c-xmlserializer",
  "xml-name-validator",
];

/** Builds the window and the main program where their sources changed. @returns what was built */
export async function bundle(say: (sentence: string) => void): Promise<string[]> {
  const before = process.env["NODE_ENV"];
  // A run of the tests says "test" here, and React would be the one for developers, at half the speed, in what is started and measured
  // afterwards. Where nothing is said, a build says "production" by itself and leaves it: the tests that follow would get that React.
  process.env["NODE_ENV"] = "production";
  try {
    return await buildStale(say);
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
}

async function buildStale(say: (sentence: string) => void): Promise<string[]> {
  const built: string[] = [];
  const windowBuilt = await whenStale(join(OUT, "renderer/.inputs"), PROJECT, WINDOW_INPUTS, () => {
    say("Building the window …");
    return inPlace("renderer", bundleWindow);
  });
  const mainBuilt = await whenStale(join(OUT, "main/.inputs"), PROJECT, MAIN_INPUTS, () => {
    say("Building the main program …");
    return inPlace("main", bundleMain);
  });
  if (windowBuilt) built.push("window");
  if (mainBuilt) built.push("main");
  return built;
}

/** Builds beside the place and moves there at the end: a build that was cut off, or two at once, leave no half of either. */
async function inPlace(name: string, make: (outDir: string) => Promise<void>): Promise<void> {
  const place = join(OUT, name);
  const fresh = join(OUT, `.${name}-${process.pid}`);
  const old = `${fresh}-old`;
  await make(fresh);
  if (existsSync(place)) renameSync(place, old);
  renameSync(fresh, place);
  rmSync(old, { recursive: true, force: true });
}

async function bundleWindow(outDir: string): Promise<void> {
  // Vite is loaded only when there is something to build: it would cost a start half a second.
  const { build } = await import("vite");
  await build({ configFile: fileURLToPath(new URL("vite.renderer.ts", import.meta.url)), logLevel: "warn", build: { outDir } });
}

async function bundleMain(outDir: string): Promise<void> {
  const [{ build }, { threadEntries }, { jsdomInOneFile, lazyEntries }] = await Promise.all([
    import("vite"),
    import("./thread-entries.ts"),
    import("./lazy-entries.ts"),
  ]);
  await build({
    configFile: false,
    root: PROJECT,
    logLevel: "warn",
    plugins: [threadEntries(), lazyEntries(), jsdomInOneFile()],
    // css-tree's own modules read files beside them; this one has them built in.
    resolve: { alias: [{ find: /^css-tree$/u, replacement: join(PROJECT, "node_modules/css-tree/dist/csstree.esm.js") }] },
    // Libraries with files of their own beside them stay outside; what every start needs at once is built in.
    ssr: { noExternal: ["zod", "ws", "pdfjs-dist", "ical.js", ...SIGNATURES, ...HTML], external: ["electron", "better-sqlite3"] },
    build: {
      ssr: true,
      target: "node24",
      outDir,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: { electron: join(PROJECT, "main/electron/main.ts"), loopback: join(PROJECT, "main/loopback/main.ts") },
        // One flat folder: whatever lies beside a source by `import.meta.url` lies beside its chunk.
        output: { format: "cjs", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  });
  // A sandboxed preload script must be CommonJS in one file.
  await build({
    configFile: false,
    root: PROJECT,
    logLevel: "warn",
    build: {
      ssr: true,
      target: "node24",
      outDir,
      emptyOutDir: false,
      rolldownOptions: { input: join(PROJECT, "main/electron/preload.ts"), output: { format: "cjs", entryFileNames: "preload.cjs" } },
    },
  });
  // The project's own says that its files are modules; these are not (docs/decisions/0083).
  writeFileSync(join(outDir, "package.json"), '{ "type": "commonjs" }\n');
  const migrations = join(outDir, "migrations");
  mkdirSync(migrations, { recursive: true });
  cpSync(join(PROJECT, "main/store/migrations"), migrations, { recursive: true });
}
