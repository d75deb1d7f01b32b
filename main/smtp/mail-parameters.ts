import type SMTPConnection from "nodemailer/lib/smtp-connection";

type Sender = { _sendCommand?: (line: string, shown?: string) => void };

/**
 * Adds parameters that nodemailer does not know to the MAIL command, until it is removed.
 *
 * @param parameters with a space before each; "" adds nothing
 * @returns `written`: whether a MAIL command with them has left
 */
export function addToMail(connection: SMTPConnection, parameters: string): { written(): boolean; remove(): void } {
  if (parameters === "") return { written: () => true, remove: () => {} };
  const line = connection as unknown as Sender;
  const original = line._sendCommand;
  let written = false;
  if (original !== undefined) {
    line._sendCommand = (command, shown) => {
      const isMail = command.startsWith("MAIL FROM:");
      written ||= isMail;
      original.call(connection, isMail ? `${command}${parameters}` : command, shown);
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
