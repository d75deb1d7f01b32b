import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates } from "./certificates.ts";
import { type Daemon, startDaemon, whenListening } from "./daemon.ts";
import { aclValues, dovecotFiles, fillIn, syntaxOfProgram } from "./dovecot-config.ts";
import { freePorts } from "./free-ports.ts";
import { dovecotProgram, eximProgram, mailServersAvailable } from "./install.ts";
import { startIntrospection } from "./introspection.ts";
import { mailboxes, type StoredMessage } from "./mailboxes.ts";
import type { PlainImap } from "./plain-imap.ts";

export interface RealPorts {
  imap: number;
  imaps: number;
  pop3: number;
  pop3s: number;
  lmtp: number;
  /** Dovecot's submission: the one that takes OAuth. Relays to Exim. */
  submission: number;
  /** Exim: AUTH, STARTTLS, DSN, refusals on demand. */
  smtp: number;
  smtps: number;
  oauth: number;
}

export interface RealUser {
  address: string;
  password: string;
}

/** Dovecot and Exim for one test file: own ports, own folder, own certificate authority. */
export interface RealServers {
  ports: RealPorts;
  /** Path of the authority's PEM; the servers' certificate is for localhost and 127.0.0.1. */
  ca: string;
  /** user1@example.test with password secret-user1, and so on. */
  users: RealUser[];
  /** Temporary folder with everything in it; log/ is worth reading after a failure. */
  folder: string;
  /** Puts exactly these bytes into a folder (INBOX if not said), creating it when it is missing. */
  deliver(address: string, rawMessage: Buffer | string, folder?: string, flags?: readonly string[]): Promise<void>;
  /** What lies in a folder, in UID order, asked from the server over a connection of its own. A folder that does not exist is empty. */
  mailboxOf(address: string, folder: string): Promise<StoredMessage[]>;
  /** A plain IMAP connection, logged in: the second client of a test. Close it yourself. */
  connect(address: string): Promise<PlainImap>;
  /** The owner's rights in folders (RFC 4314 letters), for connections from now on; all others keep all. Only with `acl`. */
  limit(rights: Readonly<Record<string, string>>): void;
  /** From now on this bearer token logs this address in (XOAUTH2, OAUTHBEARER). */
  acceptToken(token: string, address: string): void;
  revokeToken(token: string): void;
  startDovecot(): Promise<void>;
  stopDovecot(): Promise<void>;
  /** SIGKILL, as when the machine that it runs on loses power. */
  killDovecot(): Promise<void>;
  /** Connections stay open, nothing answers. */
  pauseDovecot(): void;
  resumeDovecot(): void;
  startExim(): Promise<void>;
  stopExim(): Promise<void>;
  killExim(): Promise<void>;
  pauseExim(): void;
  resumeExim(): void;
  stop(): Promise<void>;
}

const folders = new Set<string>();
// After the daemons' own exit step, which ends whatever still writes there.
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export type MailServerOptions = {
  readonly users?: number;
  readonly acl?: boolean;
  /** Dovecot's for passwords, as it writes them; "plain login" if not said. */
  readonly mechanisms?: string;
  /** Exim takes passwords by CRAM-MD5 only. */
  readonly eximCram?: boolean;
};

/** Starts both servers. Ports are chosen at run time, so any number of these can run side by side. */
export async function startMailServers(options: MailServerOptions = {}): Promise<RealServers> {
  const why = mailServersAvailable();
  if (why !== null) throw new Error(why);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      // Between choosing a port and binding it somebody else may have taken it.
      if (attempt === 3) throw error;
    }
  }
}

async function startOnce(options: MailServerOptions): Promise<RealServers> {
  const userCount = options.users ?? 3;
  const folder = mkdtempSync(join(tmpdir(), "satchel-mail-"));
  folders.add(folder);
  const names = Array.from({ length: userCount }, (_, index) => `user${index + 1}`);
  const users = names.map((name) => ({ address: `${name}@example.test`, password: `secret-${name}` }));
  const ports = await choosePorts();
  const who = account();
  layOut(folder, ports, names, who, options);
  const oauth = await startIntrospection(ports.oauth);

  const inDovecot = [ports.imap, ports.imaps, ports.pop3, ports.pop3s, ports.lmtp, ports.submission];
  const inExim = [ports.smtp, ports.smtps];
  let dovecot: Daemon | null = null;
  let exim: Daemon | null = null;

  const startDovecot = async (): Promise<void> => {
    if (dovecot?.running === true) return;
    // A killed one leaves its pid file behind, and the next would refuse to start.
    rmSync(join(folder, "run/master.pid"), { force: true });
    dovecot = startDaemon({
      program: dovecotProgram() ?? "dovecot",
      args: ["-F", "-c", join(folder, "conf/dovecot.conf")],
      logFile: join(folder, "log/dovecot.out"),
      ...who,
    });
    await whenListening(dovecot, inDovecot);
  };
  const startExim = async (): Promise<void> => {
    if (exim?.running === true) return;
    exim = startDaemon({
      program: join(folder, "bin/exim4"),
      args: ["-C", join(folder, "conf/exim.conf"), "-bdf", "-q1s"],
      logFile: join(folder, "log/exim.out"),
      ...who,
    });
    await whenListening(exim, inExim);
  };
  const boxes = mailboxes(ports.imap, users);
  const stop = async (): Promise<void> => {
    boxes.close();
    await Promise.all([dovecot?.stop(), exim?.stop(), oauth.stop()]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    folders.delete(folder);
  };
  try {
    await Promise.all([startDovecot(), startExim()]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ports,
    ca: join(folder, "tls/ca.pem"),
    users,
    folder,
    deliver: boxes.deliver,
    mailboxOf: boxes.mailboxOf,
    connect: boxes.connect,
    limit(rights) {
      const lines = Object.entries(rights).map(([path, letters]) => `${path} owner ${letters}\n`);
      writeFileSync(join(folder, "conf/acl"), lines.join(""));
    },
    acceptToken: oauth.accept,
    revokeToken: oauth.revoke,
    startDovecot,
    stopDovecot: async () => dovecot?.stop(),
    killDovecot: async () => dovecot?.kill(),
    pauseDovecot: () => dovecot?.pause(),
    resumeDovecot: () => dovecot?.resume(),
    startExim,
    stopExim: async () => exim?.stop(),
    killExim: async () => exim?.kill(),
    pauseExim: () => exim?.pause(),
    resumeExim: () => exim?.resume(),
    stop,
  };
}

async function choosePorts(): Promise<RealPorts> {
  const [imap = 0, imaps = 0, pop3 = 0, pop3s = 0, lmtp = 0, submission = 0, smtp = 0, smtps = 0, oauth = 0] = await freePorts(9);
  return { imap, imaps, pop3, pop3s, lmtp, submission, smtp, smtps, oauth };
}

/** Whom the servers run as: nobody where we are root, ourselves otherwise. */
function account(): { user: string; group: string } {
  const name = (flag: string, ...of: string[]): string => execFileSync("id", [flag, ...of], { encoding: "utf8" }).trim();
  return process.getuid?.() === 0 ? { user: "nobody", group: name("-gn", "nobody") } : { user: name("-un"), group: name("-gn") };
}

function layOut(
  folder: string,
  ports: RealPorts,
  names: readonly string[],
  who: { user: string; group: string },
  options: MailServerOptions,
): void {
  for (const part of ["run", "state", "mail", "log", "conf", "bin", "exim/spool", "exim/log"])
    mkdirSync(join(folder, part), { recursive: true });
  makeCertificates(join(folder, "tls"));
  // Copied, because the user that runs it may not be allowed to look into the project's folder.
  copyFileSync(eximProgram() ?? "", join(folder, "bin/exim4"));
  chmodSync(join(folder, "bin/exim4"), 0o755);
  writeFileSync(join(folder, "conf/users"), names.map((name) => `${name}@example.test:{PLAIN}secret-${name}::::::\n`).join(""));

  const values: Record<string, string> = {
    DIR: folder,
    USER: who.user,
    GROUP: who.group,
    NAMES: names.join(":"),
    ...aclValues(options.acl === true),
    MECHANISMS: options.mechanisms ?? "plain login",
    OPENLY: options.eximCram === true ? "no" : "yes",
    CRAM: options.eximCram === true ? "yes" : "no",
  };
  writeFileSync(join(folder, "conf/acl"), "");
  for (const [name, port] of Object.entries(ports)) values[name.toUpperCase()] = String(port);
  const dovecot = dovecotFiles(syntaxOfProgram(dovecotProgram() ?? "dovecot"), values);
  for (const [file, text] of [...dovecot, ["exim.conf", fillIn("exim.conf.in", values)] as const])
    writeFileSync(join(folder, "conf", file), text);
  if (process.getuid?.() === 0) execFileSync("chown", ["-R", `${who.user}:${who.group}`, folder]);
}
