import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeCertificates } from "./certificates.ts";
import { aclValues, type DovecotSyntax, dovecotFiles, syntaxOf, syntaxOfProgram } from "./dovecot-config.ts";
import { dovecotProgram } from "./install.ts";

const PORTS = { IMAP: "1143", IMAPS: "1993", POP3: "1110", POP3S: "1995", LMTP: "1024", SUBMISSION: "1587", SMTP: "1025", OAUTH: "1080" };
const values = (folder: string) => ({
  DIR: folder,
  USER: userInfo().username,
  GROUP: userInfo().username,
  MECHANISMS: "plain login",
  ...PORTS,
  ...aclValues(true),
});
const textOf = (syntax: DovecotSyntax): string => dovecotFiles(syntax, values("/srv/dovecot")).get("dovecot.conf") ?? "";

/** Settings line by line, each with the sections it stands in: `service imap-login / inet_listener imap / port = 1143`. */
function settingsOf(text: string): string[] {
  const within: string[] = [];
  return text.split("\n").flatMap((line) => {
    const bare = line.trim();
    if (bare === "" || bare.startsWith("#")) return [];
    if (bare === "}") {
      expect(within.pop(), "a brace too many").toBeDefined();
      return [];
    }
    if (bare.endsWith("{")) {
      within.push(bare.slice(0, -1).trim());
      return [];
    }
    return [[...within, bare.replace(/\s*=\s*/u, " = ").trim()].join(" / ")];
  });
}

test.each([
  ["2.3.19.1 (9b53102964)", "2.3"],
  ["2.3.21 (47349e2482)", "2.3"],
  ["2.4.1-4 (7d8c0e5759)", "2.4"],
  ["2.4.0", "2.4"],
  ["3.0.0", "2.4"],
] as const)("%s reads the syntax of %s", (version, syntax) => {
  expect(syntaxOf(version)).toBe(syntax);
});

test("what names no version is not guessed at", () => {
  expect(() => syntaxOf("dovecot: command not found")).toThrow("no version of Dovecot");
});

describe.each(["2.3", "2.4"] as const)("the configuration for %s", (syntax) => {
  test("has no mark left and no section open", () => {
    for (const text of dovecotFiles(syntax, values("/srv/dovecot")).values()) {
      expect(text).not.toMatch(/@[A-Z0-9]+@/u);
      expect(text.split("{").length).toBe(text.split("}").length);
    }
  });

  test("serves every protocol at its port", () => {
    const ports = settingsOf(textOf(syntax)).filter((line) => / port = /u.test(line) && line.startsWith("service "));
    expect(ports.map((line) => line.split(" = ").at(-1)).sort()).toEqual(
      [PORTS.IMAP, PORTS.IMAPS, PORTS.POP3, PORTS.POP3S, PORTS.LMTP, PORTS.SUBMISSION].sort(),
    );
  });

  test("loads the plugin for rights where it is wanted only", () => {
    const plain = dovecotFiles(syntax, { ...values("/srv/dovecot"), ...aclValues(false) }).get("dovecot.conf") ?? "";
    const loaded = (text: string) => settingsOf(text).filter((line) => /mail_plugins/u.test(line) && /\bacl\b(?! = no)/u.test(line)).length;
    expect(loaded(textOf(syntax))).toBeGreaterThan(0);
    expect(loaded(plain)).toBe(0);
  });
});

// By the page of its documentation on the way from 2.3 to 2.4: what is renamed or gone, and what has to be there.
describe("the configuration for 2.4", () => {
  const settings = settingsOf(textOf("2.4"));
  const names = settings.map((line) => (line.split(" / ").at(-1) ?? "").split(" = ")[0] ?? "");

  test("begins with its version and names that of its files", () => {
    expect(settings[0]).toBe("dovecot_config_version = 2.4.0");
    expect(settings).toContain("dovecot_storage_version = 2.4.0");
  });

  test("has none of the settings that 2.4 refuses", () => {
    const gone = [
      "disable_plaintext_auth",
      "mail_location",
      "ssl_cert",
      "ssl_key",
      "service_count",
      "args",
      "mechanisms",
      "acl",
      "address",
    ];
    for (const name of gone) if (name !== "acl") expect(names, name).not.toContain(name);
    expect(textOf("2.4")).not.toMatch(/^\s*plugin \{|passdb \{|userdb \{|\$mail_plugins|zlib|= </mu);
  });

  test("has none of the variables of one letter", () => {
    expect(textOf("2.4")).not.toMatch(/%[A-Za-z]/u);
  });

  test("a list inside a protocol says everything again, because it takes the place of the general one", () => {
    expect(settings).toContain("mail_plugins / acl = yes");
    expect(settings).toContain("protocol imap / mail_plugins / acl = yes");
    expect(settings).toContain("protocol imap / mail_plugins / imap_acl = yes");
  });

  test("keeps what its defaults would change for the tests", () => {
    expect(settings).toContain("mailbox_list_drop_noselect = no");
    expect(settings).toContain("auth_allow_cleartext = yes");
    expect(settings).toContain("protocols = imap pop3 lmtp submission");
  });
});

const program = dovecotProgram();

test.skipIf(program === null)("the Dovecot that is here reads what is written for it, and refuses the other", () => {
  const folder = mkdtempSync(join(tmpdir(), "satchel-doveconf-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of ["conf", "run", "state", "log"]) mkdirSync(join(folder, part));
  makeCertificates(join(folder, "tls"));
  const read = (syntax: DovecotSyntax): string => {
    for (const [name, text] of dovecotFiles(syntax, { ...values(folder), ...aclValues(false) }))
      writeFileSync(join(folder, "conf", name), text);
    const doveconf = ["/usr/bin/doveconf", "/usr/local/bin/doveconf"].find((path) => existsSync(path)) ?? "doveconf";
    return execFileSync(doveconf, ["-n", "-c", join(folder, "conf/dovecot.conf")], { encoding: "utf8", stdio: "pipe" });
  };
  const own = syntaxOfProgram(program ?? "");
  expect(read(own)).toContain("submission_relay_port = 1025");
  expect(() => read(own === "2.3" ? "2.4" : "2.3")).toThrow();
});
