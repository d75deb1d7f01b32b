import { readFileSync } from "node:fs";
import { callbackify } from "node:util";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { ImapServer } from "./imap/server.ts";

export interface SubmittedMessage {
  /** Envelope sender. */
  from: string;
  /** Envelope recipients. */
  to: string[];
  /** As received, without the dots of the transfer. */
  raw: Buffer;
  /** Who had logged in, if anybody. */
  user: string | null;
}

/** Refuse with this reply code and text. */
export interface Refused {
  code: number;
  text: string;
}

export interface SmtpServerSettings {
  users: readonly { address: string; password: string; tokens?: readonly string[] }[];
  /** Called with every message before it is accepted. */
  onMessage?: (message: SubmittedMessage) => Refused | undefined | Promise<Refused | undefined>;
  onRecipient?: (address: string) => Refused | undefined;
  /** Recipients who have a mailbox here get the message into their INBOX. */
  imap?: ImapServer;
  /** Paths of PEM files. Without them there is no STARTTLS. */
  tls?: { cert: string; key: string; implicit?: boolean };
  /** 0, the default, lets the system choose. */
  port?: number;
  sizeLimit?: number;
}

export interface SmtpServer {
  readonly port: number;
  /** All that was accepted, oldest first. */
  readonly messages: readonly SubmittedMessage[];
  stop(): Promise<void>;
}

/** An SMTP submission server in this process, on loopback. */
export async function startSmtpServer(settings: SmtpServerSettings): Promise<SmtpServer> {
  const messages: SubmittedMessage[] = [];
  const accept = async (message: SubmittedMessage): Promise<void> => {
    const refused = await settings.onMessage?.(message);
    if (refused !== undefined) throw replyError(refused);
    messages.push(message);
    if (settings.imap !== undefined) deliver(settings.imap, settings.users, message);
  };
  const server = new SMTPServer({
    ...tlsOptions(settings),
    banner: "Satchel test server",
    logger: false,
    size: settings.sizeLimit ?? 50 * 1024 * 1024,
    authMethods: ["PLAIN", "LOGIN", "XOAUTH2"],
    onAuth: (auth, _session, callback) => {
      const user = settings.users.find(({ address }) => address.toLowerCase() === auth.username?.toLowerCase());
      const known =
        user !== undefined &&
        (auth.method === "XOAUTH2" ? user.tokens?.includes(auth.accessToken ?? "") === true : auth.password === user.password);
      if (known) callback(null, { user: user.address });
      else callback(replyError({ code: 535, text: "5.7.8 Wrong address or password" }));
    },
    onRcptTo: ({ address }, _session, callback) => {
      const refused = settings.onRecipient?.(address);
      callback(refused === undefined ? null : replyError(refused));
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (stream.sizeExceeded) return callback(replyError({ code: 552, text: "5.3.4 Message too big" }));
        const { mailFrom, rcptTo } = session.envelope;
        const message: SubmittedMessage = {
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks),
          user: typeof session.user === "string" ? session.user : null,
        };
        callbackify(accept)(message, (error) => callback(error, "2.0.0 Accepted"));
      });
    },
  });
  // A client that hangs up in the middle is an event of the dialogue, not of the server.
  server.on("error", () => {});
  const port = await new Promise<number>((resolve, reject) => {
    const listener = server.listen(settings.port ?? 0, "127.0.0.1", () => {
      const address = listener.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
    listener.once("error", reject);
  });
  return { port, messages, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}

function tlsOptions({ tls }: SmtpServerSettings): SMTPServerOptions {
  // Without a certificate the package would offer STARTTLS with one of its own that everybody knows the key of.
  if (tls === undefined) return { hideSTARTTLS: true, disabledCommands: ["STARTTLS"], allowInsecureAuth: true };
  const files = { cert: readFileSync(tls.cert), key: readFileSync(tls.key) };
  return { ...files, secure: tls.implicit === true, allowInsecureAuth: false };
}

function replyError({ code, text }: Refused): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

function deliver(imap: ImapServer, users: SmtpServerSettings["users"], { from, to, raw }: SubmittedMessage): void {
  const local = users.filter(({ address }) => to.some((one) => one.toLowerCase() === address.toLowerCase()));
  for (const { address } of local) imap.folder(address, "INBOX").deliver(Buffer.concat([Buffer.from(`Return-Path: <${from}>\r\n`), raw]));
}
