import type SMTPConnection from "nodemailer/lib/smtp-connection";
import type { SmtpError } from "./outcomes.ts";

type Inside = { _sendCommand?: (line: string) => void; _responseActions?: ((reply: string) => void)[] };

/**
 * One MAIL or RCPT by itself, which nodemailer only knows as part of a whole message. Whoever asks sends RSET afterwards.
 *
 * @param address as it goes over the wire; one with a line end or an angle bracket is refused, since it would be another command
 */
export function askOnly(
  connection: SMTPConnection,
  command: "MAIL FROM" | "RCPT TO",
  address: string,
  done: (error?: SmtpError) => void,
): void {
  const line = connection as unknown as Inside;
  if (line._sendCommand === undefined || line._responseActions === undefined || /[\r\n<>\s]/u.test(address)) {
    done(Object.assign(new Error("not asked"), { code: "EENVELOPE" }));
    return;
  }
  line._responseActions.push((reply) => {
    if (reply.startsWith("2")) done();
    else done(Object.assign(new Error(reply), { code: "EENVELOPE", response: reply, command }));
  });
  line._sendCommand(`${command}:<${address}>`);
}
