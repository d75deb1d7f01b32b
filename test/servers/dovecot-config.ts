import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Dovecot 2.4 reads nothing that was written for 2.3, and the other way round. */
export type DovecotSyntax = "2.3" | "2.4";

/** What fills the marks of the templates: `DIR` for `@DIR@`. */
export type DovecotValues = Readonly<Record<string, string>>;

const TEMPLATES: Readonly<Record<DovecotSyntax, readonly (readonly [file: string, template: string])[]>> = {
  "2.3": [
    ["dovecot.conf", "dovecot.conf.in"],
    ["oauth2.conf", "oauth2.conf.in"],
  ],
  "2.4": [["dovecot.conf", "dovecot-2.4.conf.in"]],
};

/** @param version as `dovecot --version` says it: `2.3.19.1 (9b53102964)`, `2.4.1-4 (7d8c0e5759)` */
export function syntaxOf(version: string): DovecotSyntax {
  const [, major = "", minor = ""] = /^(\d+)\.(\d+)/u.exec(version) ?? [];
  if (major === "") throw new Error(`no version of Dovecot: ${version}`);
  return Number(major) > 2 || Number(minor) >= 4 ? "2.4" : "2.3";
}

/** The syntax that this program reads. */
export function syntaxOfProgram(program: string): DovecotSyntax {
  return syntaxOf(execFileSync(program, ["--version"], { encoding: "utf8" }));
}

/** The files of its configuration, by name. */
export function dovecotFiles(syntax: DovecotSyntax, values: DovecotValues): ReadonlyMap<string, string> {
  return new Map(TEMPLATES[syntax].map(([file, template]) => [file, fillIn(template, values)]));
}

/** A template of `real/` with its marks filled. */
export function fillIn(template: string, values: DovecotValues): string {
  const text = readFileSync(new URL(`real/${template}`, import.meta.url), "utf8");
  return text.replace(/@([A-Z0-9]+)@/g, (mark, name: string) => values[name] ?? mark);
}

/** What loads the plugin for rights in folders, in the words of either syntax. */
export function aclValues(on: boolean): DovecotValues {
  return { ACLPLUGIN: on ? "acl" : "", IMAPACLPLUGIN: on ? "imap_acl" : "", ACL: on ? "yes" : "no" };
}
