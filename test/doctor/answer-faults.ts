import type { AnswerId } from "../../shared/answers/table.ts";
import type { FailureCode } from "../../shared/failure.ts";
import type { Instead } from "../servers/imap/server-state.ts";
import type { Fault } from "./fault.ts";
import { ME, SECRET, type World } from "./world.ts";

type Is = AnswerId | { readonly code: FailureCode };

/** An IMAP server that answers one command so, until it is mended. `at`: its usual name, behind TLS through a proxy. */
function imap(title: string, is: Is, commands: readonly string[], answer: Instead, at?: string): Fault {
  return {
    title,
    is,
    sow: async (world) => {
      const server = await world.startImap(at === undefined ? {} : { tls: { ...world.good, implicit: true } });
      server.hooks = { onCommand: ({ name }) => (commands.includes(name) ? answer : undefined) };
      const mended = (): void => {
        server.hooks = {};
      };
      if (at === undefined) return { planted: { incoming: { port: server.port }, full: commands.includes("APPEND") }, mended };
      const via = await world.through({ [`${at}:993`]: server.port });
      return { planted: { incoming: { host: at, port: 993, security: "tls" }, via }, mended };
    },
  };
}

const SIGN_IN = ["LOGIN", "AUTHENTICATE"];
const OPENING = ["SELECT", "EXAMINE"];

/** An SMTP server that answers so at one point of the dialogue, until it is mended. */
function smtp(title: string, is: Is, point: "greeting" | "auth" | "mail" | "rcpt", line: string): Fault {
  return {
    title,
    is,
    sow: async (world) => {
      const server = await world.startFaulty();
      server.fault(point, { kind: "say", line, thenDrop: point === "greeting" }, { times: 1000 });
      return { planted: { outgoing: { port: server.port } }, mended: () => server.clearFaults() };
    },
  };
}

function pop3(title: string, is: Is, answer: string): Fault {
  return {
    title,
    is,
    sow: async (world) => {
      const server = await world.startPop3();
      server.onCommand = (line) => (/^(?:PASS|AUTH) /iu.test(line) ? { say: answer } : undefined);
      return {
        planted: { protocol: "pop3", incoming: { port: server.port } },
        mended: () => {
          server.onCommand = () => undefined;
        },
      };
    },
  };
}

export const ANSWER_FAULTS: readonly Fault[] = [
  {
    title: "a wrong password",
    is: { code: "wrong-password" },
    sow: (_world: World) => ({ planted: { password: "secret-not-it" }, mended: { password: SECRET } }),
  },
  imap(
    "QQ: the QQ password instead of the authorization code",
    "qq-five-reasons",
    SIGN_IN,
    {
      no: "Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy.",
    },
    "imap.qq.com",
  ),
  imap(
    "163: the mail password instead of the authorization code",
    "netease-code",
    SIGN_IN,
    { no: "LOGIN Login error or password error" },
    "imap.163.com",
  ),
  imap("163: no folder without an introduction", "netease-unsafe-login", OPENING, {
    no: "SELECT Unsafe Login. Please contact kefu@188.com for help",
  }),
  imap(
    "Yahoo: the account's password instead of an app password",
    "yahoo-app-password",
    SIGN_IN,
    {
      no: "[AUTHENTICATIONFAILED] LOGIN Invalid credentials",
    },
    "imap.mail.yahoo.com",
  ),
  imap("Gmail: an app password is wanted", "gmail-app-password", SIGN_IN, {
    no: "[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)",
  }),
  imap("Gmail: a sign-in on the web is wanted first", "gmail-web-login", SIGN_IN, {
    no: "[WEBALERT https://accounts.google.com/signin/continue] Web login required.",
  }),
  imap("Gmail: IMAP is switched off", "gmail-imap-off", SIGN_IN, {
    no: "[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access. (Failure)",
  }),
  imap("Gmail: too many connections", "gmail-connections", SIGN_IN, { no: "[ALERT] Too many simultaneous connections. (Failure)" }),
  imap("Microsoft: signed in, and IMAP is off", "ms-not-connected", OPENING, { bad: "User is authenticated but not connected." }),
  imap("Microsoft: a password where only the browser counts", "ms-credentials", SIGN_IN, { no: "LOGIN failed." }, "outlook.office365.com"),
  imap("Dovecot: passwords cannot be looked up just now", "sign-in-out-of-order", SIGN_IN, {
    no: "[UNAVAILABLE] Temporary authentication failure.",
  }),
  imap("Dovecot: too many connections of one user", "connections-of-user", SIGN_IN, {
    no: "[LIMIT] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
  }),
  imap("Zimbra: the password has to be changed", "password-change-due", SIGN_IN, { no: "[AUTHENTICATIONFAILED] must change password" }),
  imap("no password over a line without encryption", "privacy-required", SIGN_IN, {
    no: "[PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",
  }),
  imap("the mailbox is full", "mailbox-quota", ["APPEND"], { no: "[OVERQUOTA] Quota exceeded (mailbox for user is full)" }),
  imap("the inbox is damaged on the server", "folder-corrupt", OPENING, { no: "[CORRUPTION] Mailbox is corrupt" }),
  pop3("POP3: another program is in the mailbox", "pop3-in-use", "-ERR [IN-USE] Do you have another POP session running?"),
  pop3("POP3: too soon after the last visit", "pop3-login-delay", "-ERR [LOGIN-DELAY] Minimum interval between logins is 5 minutes"),
  pop3("Gmail: POP3 is switched off", "gmail-pop-off", "-ERR [SYS/PERM] Your account is not enabled for POP access."),
  smtp("QQ: sending wants the authorization code", "qq-code", "auth", "535 Login Fail. Please enter your authorization code to login."),
  smtp(
    "Microsoft: passwords no longer do for sending",
    "ms-basic-off",
    "auth",
    "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
  ),
  smtp(
    "Microsoft: sending with programs is off for the company",
    "ms-smtp-tenant-off",
    "auth",
    "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled",
  ),
  smtp(
    "Microsoft: basic authentication is gone (5.7.30)",
    "ms-basic-off",
    "auth",
    "550 5.7.30 Basic authentication is not supported for Client Submission.",
  ),
  smtp(
    "Mail.ru: an app password is wanted",
    "mailru-app-password",
    "auth",
    "535 5.7.0 NEOBHODIM parol prilozheniya / Application password is REQUIRED",
  ),
  smtp("the server is being mended", "server-busy", "greeting", "421 4.3.2 Service not available, closing transmission channel"),
  smtp(
    "this network stands on a block list",
    "blocklist",
    "greeting",
    "554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org",
  ),
  smtp(
    "the sender is somebody else's",
    "sender-not-yours",
    "mail",
    "553 5.7.1 <user1@harbour.example>: Sender address rejected: not owned by user lin",
  ),
  smtp("NetEase: sender and sign-in differ", "netease-from-other", "mail", "553 Mail from must equal authorized user"),
  smtp("Microsoft: three messages at a time", "ms-connections", "mail", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded"),
  smtp("no mail to other domains over this server", "relay-denied", "rcpt", `554 5.7.1 <${ME}>: Relay access denied`),
  smtp("greylisting", "greylisting", "rcpt", `450 4.2.0 <${ME}>: Recipient address rejected: Greylisted`),
];
