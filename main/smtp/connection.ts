import type { Socket } from "node:net";
import type SMTPConnection from "nodemailer/lib/smtp-connection";
import type { Credential, ServerSettings } from "../../shared/contract/accounts.ts";
import type { SmtpStage } from "../../shared/contract/outbox.ts";
import { Failure } from "../../shared/failure.ts";
import { type Securing, type TlsSessions, tlsSessions } from "../line/tls-sessions.ts";
import { openTunnel, secured } from "../line/tunnel.ts";
import type { UploadLimit } from "../line/upload-limit.ts";
import type { Via } from "../plan/proxy.ts";
import { asSmtpFailure, type SmtpError } from "./outcomes.ts";
import type { SmtpSignIn } from "./sign-in.ts";

/** Milliseconds. RFC 5321 §4.5.3.2 asks for minutes where a server may be checking the message. */
export type Deadlines = {
  readonly connect: number;
  readonly greeting: number;
  readonly command: number;
  /** Without a byte taken by the server during the upload. */
  readonly stall: number;
  /** From the final dot to the answer. */
  readonly final: number;
};
export const DEADLINES: Deadlines = { connect: 20_000, greeting: 60_000, command: 120_000, stall: 180_000, final: 600_000 };

export type SessionOptions = {
  readonly server: ServerSettings;
  readonly credential: Credential;
  readonly onStage?: (stage: SmtpStage) => void;
  readonly deadlines?: Partial<Deadlines>;
  /** PEM certificates trusted besides the system's. */
  readonly trust?: string | undefined;
  /** The way there; left out = directly. */
  readonly via?: Via | undefined;
  /** Left out = those of the program. */
  readonly sessions?: TlsSessions | undefined;
  /** Shared with all other lines; left out = as fast as this one is. */
  readonly uploads?: UploadLimit | undefined;
};

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/u;

/** The library's connection, not yet opened. @throws Failure `no-secure-login`, and what the way there meets */
export async function connectionFor(
  { server, trust, via, sessions = tlsSessions }: SessionOptions,
  deadlines: Deadlines,
  signIn: SmtpSignIn,
): Promise<{ readonly connection: SMTPConnection; readonly securing: Securing }> {
  if (server.security === "plain" && !LOOPBACK.test(server.host)) throw new Failure("no-secure-login", { params: { host: server.host } });
  // Comes with the first connection, not with the start of the program.
  const { default: Connection } = await import("nodemailer/lib/smtp-connection");
  const line = await openTunnel(via, server.host, server.port, { connectMs: deadlines.connect });
  const securing = sessions.secure(server, trust, line);
  const { tls } = securing;
  const connection = new Connection({
    ...(line === null ? {} : await overLine(line, server, securing)),
    host: server.host,
    port: server.port,
    secure: server.security === "tls",
    requireTLS: server.security === "starttls",
    ignoreTLS: server.security === "plain",
    // The name of the user's computer is nobody's business; RFC 5321 §4.1.4 allows an address literal.
    name: "[127.0.0.1]",
    connectionTimeout: deadlines.connect,
    dnsTimeout: deadlines.connect,
    greetingTimeout: deadlines.greeting,
    socketTimeout: Math.max(deadlines.command, deadlines.stall, deadlines.final) + 1000,
    socketCloseTimeout: 1000,
    allowInternalNetworkInterfaces: true,
    customAuth: signIn.customAuth,
    tls,
  });
  return { connection, securing };
}

/** nodemailer would forget why TLS did not come about on a line that is not of its own making. */
async function overLine(
  line: Socket,
  { host, port, security }: ServerSettings,
  securing: Securing,
): Promise<Partial<SMTPConnection.Options>> {
  if (security !== "tls") return { connection: line };
  try {
    return { connection: await secured(line, host, securing.tls), secured: true };
  } catch (error) {
    line.destroy();
    securing.failed(asSmtpFailure(error as SmtpError, { host, port }));
    throw error;
  }
}
