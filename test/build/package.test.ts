import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const read = (file: string): string => readFileSync(join(PROJECT, file), "utf8");

type Config = {
  files: string[];
  asar: boolean;
  icon?: string;
  directories: { buildResources: string };
  linux: { icon: string; target: string[] };
  win: { target: string[] };
  mac: { target: string[] };
};
type Manifest = {
  main: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  scripts: Record<string, string>;
};

const config = JSON.parse(read("build/electron-builder.json")) as Config;
const manifest = JSON.parse(read("package.json")) as Manifest;

describe("the package", () => {
  test("has a configuration that electron-builder accepts", async () => {
    const require = createRequire(import.meta.url);
    const lib = require.resolve("app-builder-lib", { paths: [require.resolve("electron-builder")] });
    const { validateConfiguration } = (await import(join(lib, "../util/config/config.js"))) as {
      validateConfiguration(config: unknown, log: { add(): void; isEnabled: boolean }): Promise<void>;
    };
    const log = { add: () => undefined, isEnabled: false };
    await expect(validateConfiguration(config, log)).resolves.toBeUndefined();
    await expect(validateConfiguration({ ...config, asarr: true }, log)).rejects.toThrow("asarr");
  });

  test("is made for each system in the forms that were promised", () => {
    expect(config.win.target).toEqual(["nsis"]);
    expect(config.mac.target).toEqual(["dmg", "zip"]);
    expect(config.linux.target).toEqual(["AppImage", "deb"]);
  });

  test("never carries the loopback host, nor sources and strange binaries of SQLite", () => {
    expect(config.files).toContain("!out/main/loopback.js");
    expect(config.files).toContain("!node_modules/better-sqlite3/{deps,src,binding.gyp}");
    expect(config.files).toContain("!node_modules/better-sqlite3/prebuilds");
    expect(config.files.join()).not.toContain("test/");
  });

  test("has the icon that its configuration names", () => {
    expect(existsSync(join(PROJECT, config.directories.buildResources, config.linux.icon))).toBe(true);
  });

  test("starts what the bundle makes", () => {
    expect(manifest.main).toBe("out/main/electron.js");
  });

  test("carries what the main program needs and nothing that only the window bundles", () => {
    for (const name of ["better-sqlite3", "imapflow", "nodemailer", "zod"]) expect(manifest.dependencies).toHaveProperty(name);
    for (const name of ["react", "react-dom", "@tiptap/react", "i18next", "electron", "vite"])
      expect(manifest.dependencies).not.toHaveProperty(name);
  });
});

test("every command of the project begins with what any Node from 20 on understands", () => {
  for (const [name, command] of Object.entries(manifest.scripts)) expect(command).toBe(`node build/run.mjs ${name}`);
  // Parsed as plain JavaScript, without the project's own Node's knowledge of types.
  execFileSync(process.execPath, ["--check", join(PROJECT, "build/run.mjs")]);
});

test("what a change must pass is the checks and the tests", () => {
  const commands = read(".ci/run")
    .split("\n")
    .filter((line) => line.startsWith("npm"));
  expect(commands).toEqual(["npm run --silent check", "npm test --silent"]);
});
