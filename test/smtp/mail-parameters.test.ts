import SMTPConnection from "nodemailer/lib/smtp-connection";
import { expect, test } from "vitest";
import { addToCommands, originalRecipient } from "../../main/smtp/mail-parameters.ts";

/** A connection that writes its commands down. */
function recorded() {
  const written: string[] = [];
  class Recorded extends SMTPConnection {
    _sendCommand(line: string): void {
      written.push(line);
    }
  }
  return { connection: new Recorded(), written };
}

const send = (connection: SMTPConnection, line: string): void =>
  (connection as unknown as { _sendCommand(line: string): void })._sendCommand(line);

test("the library has the command that parameters are added to", () => {
  expect(typeof (SMTPConnection.prototype as unknown as { _sendCommand?: unknown })._sendCommand).toBe("function");
});

test("parameters go with the next MAIL and each RCPT and with nothing else, and are gone when they are removed", () => {
  const { connection, written } = recorded();
  const added = addToCommands(connection, { mail: " REQUIRETLS", rcpt: (address) => ` FOR=${address}` });
  send(connection, "RSET");
  expect(added.written()).toBe(false);
  send(connection, "MAIL FROM:<user1@example.test> SIZE=10");
  send(connection, "RCPT TO:<b@example.test>");
  expect(added.written()).toBe(true);
  added.remove();
  send(connection, "MAIL FROM:<user1@example.test>");
  expect(written).toEqual([
    "RSET",
    "MAIL FROM:<user1@example.test> SIZE=10 REQUIRETLS",
    "RCPT TO:<b@example.test> FOR=b@example.test",
    "MAIL FROM:<user1@example.test>",
  ]);
});

test("where the library sends in another way they are known not to have left", () => {
  const connection = Object.create(null) as SMTPConnection;
  expect(addToCommands(connection, { mail: " REQUIRETLS", rcpt: () => "" }).written()).toBe(false);
  expect(addToCommands(connection, { mail: "", rcpt: () => "" }).written()).toBe(true);
});

test("an original recipient is spelt so that no server takes a part of it for something else", () => {
  expect(originalRecipient("b@example.test")).toBe(" ORCPT=rfc822;b@example.test");
  expect(originalRecipient("a+b=c@example.test")).toBe(" ORCPT=rfc822;a+2Bb+3Dc@example.test");
  expect(originalRecipient('"a b"@example.test')).toBe(' ORCPT=rfc822;"a+20b"@example.test');
  expect(originalRecipient("用户@example.test")).toBe("");
});
