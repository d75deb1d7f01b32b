import type SMTPConnection from "nodemailer/lib/smtp-connection";

type Sender = { _sendCommand?: (line: string, shown?: string) => void };

/** With a space before each; "" adds nothing. */
export type Parameters = {
  readonly mail: string;
  /** Of each recipient, as RCPT names it. */
  readonly rcpt: (address: string) => string;
};

/**
 * Adds parameters that nodemailer does not know to the MAIL and RCPT commands, until it is removed.
 *
 * @returns `written`: whether a MAIL command with them has left
 */
export function addToCommands(connection: SMTPConnection, { mail, rcpt }: Parameters): { written(): boolean; remove(): void } {
  const line = connection as unknown as Sender;
  const original = line._sendCommand;
  let written = mail === "";
  if (original !== undefined) {
    line._sendCommand = (command, shown) => {
      const isMail = command.startsWith("MAIL FROM:");
      written ||= isMail;
      const recipient = /^RCPT TO:<(?<address>[^>]*)>/u.exec(command)?.groups?.["address"];
      const added = isMail ? mail : recipient === undefined ? "" : rcpt(recipient);
      original.call(connection, `${command}${added}`, shown);
    };
  }
  return {
    written: () => written,
    remove: () => {
      // What lies on the class comes to light again.
      delete line._sendCommand;
    },
  };
}

/** Who the message was for in the first place, so that a report names him whatever servers make of the address (RFC 3461 §4.2). Reports know only letters of ASCII. */
export function originalRecipient(address: string): string {
  if (!/^\p{ASCII}+$/u.test(address)) return "";
  const xtext = address.replace(/[^!-~]|[+=]/gu, (sign) => `+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, "0")}`);
  return ` ORCPT=rfc822;${xtext}`;
}
