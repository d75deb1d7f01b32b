import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkLayers } from "../../build/layers.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "satchel-layers-"));
  for (const folder of ["shared", "main", "renderer"]) mkdirSync(join(root, folder));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function plant(file: string, source: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), source);
}

/** Plants one file with one import, and tells why it was refused. */
function whyRefused(file: string, target: string): string | undefined {
  plant(file, `import { x } from "${target}";\nexport const y = x;\n`);
  return checkLayers(root).violations[0]?.why;
}

describe("an import that breaks the layers is caught:", () => {
  const planted: readonly [file: string, target: string, why: string][] = [
    ["shared/a.ts", "../main/log.ts", "shared/ imports only itself"],
    ["shared/a.ts", "node:fs", "shared/ takes only zod"],
    ["shared/a.ts", "react", "shared/ takes only zod"],
    ["main/plan/a.ts", "../store/database.ts", "plan/ imports only shared/"],
    ["main/plan/a.ts", "../log.ts", "plan/ imports only shared/"],
    ["main/plan/a.ts", "node:crypto", "takes no packages"],
    ["main/plan/a.ts", "zod", "takes no packages"],
    ["main/store/a.ts", "../imap/session.ts", "stand in one row"],
    ["main/store/a.ts", "../sync/account.ts", "stands above"],
    ["main/sync/a.ts", "../outbox/outbox.ts", "stand in one row"],
    ["main/outbox/a.ts", "../api/serve.ts", "stands above"],
    ["main/api/a.ts", "../engine/open.ts", "stands above"],
    ["main/engine/a.ts", "../host/start.ts", "stands above"],
    ["main/host/a.ts", "../loopback/serve.ts", "stands above"],
    ["main/loopback/a.ts", "../electron/window.ts", "stand in one row"],
    ["main/electron/a.ts", "../loopback/serve.ts", "stand in one row"],
    ["main/novel/a.ts", "../store/database.ts", "has no row"],
    ["main/log-x.ts", "./store/database.ts", "the log and the pulse import only shared/"],
    ["main/pulse.ts", "./store/database.ts", "the log and the pulse import only shared/"],
    ["main/store/a.ts", "../helpers.ts", "only the log may lie"],
    ["main/api/a.ts", "../../renderer/port/line.ts", "meet in shared/ only"],
    ["renderer/ui/a.tsx", "../../main/log.ts", "meet in shared/ only"],
    ["renderer/port/a.ts", "../client/client.ts", "stands above"],
    ["renderer/client/a.ts", "../state/mail.ts", "stands above"],
    ["renderer/state/a.ts", "../ui/app.tsx", "stands above"],
    ["renderer/ui/a.tsx", "../main.ts", "nothing imports the window's own start"],
    ["renderer/ui/a.tsx", "node:path", "the window has no Node"],
    ["main/api/a.ts", "better-sqlite3", "better-sqlite3 is for main/store and main/search only"],
    ["main/sync/a.ts", "imapflow", "imapflow is for main/imap only"],
    ["main/mime/a.ts", "nodemailer/lib/smtp-connection", "is for main/smtp only"],
    ["main/smtp/a.ts", "nodemailer/lib/mail-composer", "is for main/mime only"],
    ["main/sync/a.ts", "mailparser", "mailparser is for main/mime only"],
    ["main/search/a.ts", "postal-mime", "postal-mime is for main/mime only"],
    ["main/host/a.ts", "electron", "electron is for main/electron only"],
    ["renderer/ui/a.tsx", "electron", "electron is for main/electron only"],
    ["main/host/a.ts", "ws", "ws is for main/loopback only"],
    ["main/api/a.ts", "react", "react is for renderer only"],
  ];
  test.each(planted)("%s takes %s", (file, target, why) => {
    expect(whyRefused(file, target)).toContain(why);
  });

  const forms: readonly [name: string, source: string][] = [
    ["for its types alone", 'import type { X } from "../api/serve.ts";\nexport type Y = X;\n'],
    ["to pass it on", 'export { serve } from "../api/serve.ts";\n'],
    ["as a whole", 'export * from "../api/serve.ts";\n'],
    ["for its effects", 'import "../api/serve.ts";\n'],
    ["while it runs", 'export const later = () => import("../api/serve.ts");\n'],
    ["inside a type", 'export type X = import("../api/serve.ts").Call;\n'],
    ["as a thread", 'export const url = new URL("../api/serve-thread.ts", import.meta.url);\n'],
  ];
  test.each(forms)("a store that takes the API %s", (_name, source) => {
    plant("main/store/a.ts", source);
    expect(checkLayers(root).violations[0]?.why).toContain("stands above");
  });
});

test("what the layers allow is not refused", () => {
  plant(
    "main/sync/a.ts",
    'import "../store/database.ts"; import "../plan/backoff.ts"; import "./b.ts"; import "../log.ts"; import "node:fs"; import "zod";',
  );
  plant("main/electron/a.ts", 'import "electron"; import "../host/start.ts"; import "../../shared/wire.ts";');
  plant("renderer/main.ts", 'import "./ui/app.tsx"; import "./style/tokens.css"; import "react";');
  plant(
    "renderer/ui/a.tsx",
    'import "../state/mail.ts"; import "../client/client.ts"; import "../i18n/i18n.ts"; import "./parts/button.tsx";',
  );
  expect(checkLayers(root)).toMatchObject({ modules: 4, imports: 16, violations: [] });
});

test("a comment that speaks of an import is none", () => {
  plant("main/plan/a.ts", '// import { x } from "../store/database.ts";\nexport const y = 1;\n');
  expect(checkLayers(root).violations).toEqual([]);
});

test("the project itself is read, and is in order", () => {
  const { modules, imports, violations } = checkLayers(PROJECT);
  expect(violations).toEqual([]);
  expect(modules).toBeGreaterThan(100);
  expect(imports).toBeGreaterThan(300);
});
