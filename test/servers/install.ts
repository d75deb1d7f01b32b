import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = fileURLToPath(new URL("../../.cache/exim/", import.meta.url));

/** Where Exim lies once it is here: the system's own, or the one unpacked into the project's cache. */
export function eximProgram(): string | null {
  const found = [join(cache, "root/usr/sbin/exim4"), "/usr/sbin/exim4"].find((path) => existsSync(path));
  return found ?? null;
}

const programs = {
  dovecot: ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot"],
  "dovecot's IMAP": ["/usr/lib/dovecot/imap", "/usr/libexec/dovecot/imap"],
  "dovecot's POP3": ["/usr/lib/dovecot/pop3", "/usr/libexec/dovecot/pop3"],
  "dovecot's LMTP": ["/usr/lib/dovecot/lmtp", "/usr/libexec/dovecot/lmtp"],
  "dovecot's submission": ["/usr/lib/dovecot/submission", "/usr/libexec/dovecot/submission"],
  openssl: ["/usr/bin/openssl"],
  setpriv: ["/usr/bin/setpriv"],
} as const;

/** The Dovecot program, or null where it is not installed. */
export function dovecotProgram(): string | null {
  return programs.dovecot.find((path) => existsSync(path)) ?? null;
}

function missing(): string[] {
  const absent = Object.entries(programs).flatMap(([name, paths]) => (paths.some((path) => existsSync(path)) ? [] : [name]));
  return eximProgram() === null ? [...absent, "exim"] : absent;
}

/**
 * Why tests against real mail servers cannot run here, or null when they can.
 *
 * @throws where CI=true: there a missing server is a failure, not a reason to skip.
 */
export function mailServersAvailable(): string | null {
  if (process.platform !== "linux") return reason("real mail servers are started on Linux only");
  const absent = missing();
  return absent.length === 0 ? null : reason(`not installed: ${absent.join(", ")}`);
}

function reason(text: string): string {
  if (process.env["CI"] === "true") throw new Error(`CI needs the real mail servers; ${text}`);
  return text;
}

/**
 * Puts Dovecot and Exim in place where that can be done: on Debian or Ubuntu, as root. Dovecot comes as packages; Exim is only
 * unpacked into the cache, because its package would push out a mail server that is already there.
 *
 * @returns what is still missing and why, or null when everything is here
 */
export function ensureMailServers(say: (line: string) => void = () => {}): string | null {
  if (process.platform !== "linux" || missing().length === 0) return mailServersAvailable();
  if (process.getuid?.() !== 0) return reason(`not installed: ${missing().join(", ")} (they are installed for you when run as root)`);
  if (!isDebian()) return reason(`not installed: ${missing().join(", ")} (they are installed for you on Debian and Ubuntu only)`);

  say(`installing ${missing().join(", ")}`);
  try {
    installPackages();
    if (eximProgram() === null) unpackExim();
  } catch (error) {
    return reason(`the mail servers could not be installed: ${error instanceof Error ? error.message : String(error)}`);
  }
  return mailServersAvailable();
}

function isDebian(): boolean {
  return existsSync("/etc/os-release") && /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync("/etc/os-release", "utf8"));
}

// The last ones are what the unpacked Exim links to; libidn12 and friends have other names on other releases.
const packages = ["dovecot-imapd", "dovecot-pop3d", "dovecot-lmtpd", "dovecot-submissiond", "openssl", "util-linux"];
const eximLibraries = [
  "libidn12",
  "libgnutls-dane0t64|libgnutls-dane0",
  "libnsl2",
  "libpcre2-8-0",
  "libdb5.3t64|libdb5.3",
  "libgnutls30t64|libgnutls30",
];

function installPackages(): void {
  apt("update", "-qq");
  const libraries = eximLibraries.flatMap((names) => names.split("|").find(isKnownPackage) ?? []);
  withoutStartingServices(() => apt("install", "-y", "-qq", "--no-install-recommends", ...packages, ...libraries));
}

/** Installing Dovecot must not start it for the whole machine: Debian asks this file first. */
function withoutStartingServices(install: () => void): void {
  const policy = "/usr/sbin/policy-rc.d";
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    install();
  } finally {
    if (ours) rmSync(policy);
  }
}

function unpackExim(): void {
  mkdirSync(cache, { recursive: true });
  apt("download", "-qq", "exim4-daemon-light");
  run("sh", "-c", "dpkg -x exim4-daemon-light_*.deb root && rm exim4-daemon-light_*.deb && chmod u-s root/usr/sbin/exim4");
  // The program looks this name up before it reads any configuration.
  if (!readFileSync("/etc/passwd", "utf8").includes("\nDebian-exim:")) {
    run(
      "useradd",
      "--system",
      "--user-group",
      "--no-create-home",
      "--home-dir",
      "/nonexistent",
      "--shell",
      "/usr/sbin/nologin",
      "--badname",
      "Debian-exim",
    );
  }
}

function isKnownPackage(name: string): boolean {
  const policy = execFileSync("apt-cache", ["policy", name], { encoding: "utf8" });
  return /Candidate: (?!\(none\))/.test(policy);
}

function apt(...args: string[]): void {
  run("apt-get", ...args);
}

function run(program: string, ...args: string[]): void {
  mkdirSync(cache, { recursive: true });
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  execFileSync(program, args, { cwd: cache, env, stdio: ["ignore", "ignore", "pipe"], timeout: 300_000 });
}
