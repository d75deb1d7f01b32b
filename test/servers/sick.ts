import { createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** What is said to a line of the client; null: nothing, and the line stays open. */
export type Reply = (line: string, socket: Socket) => string | null;

/** A server on the loopback that greets (null: not even that) and then says what the test wants, line by line. @returns its port */
export async function sickServer(greeting: string | null, reply: Reply): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    if (greeting !== null) socket.write(`${greeting}\r\n`);
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      for (let end = text.indexOf("\r\n"); end >= 0; end = text.indexOf("\r\n")) {
        const answer = reply(text.slice(0, end), socket);
        text = text.slice(end + 2);
        if (answer !== null) socket.write(answer, "latin1");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Writes the same again and again, as fast as it is taken, for as long as the line is open. */
export function pour(socket: Socket, text: string): void {
  const piece = Buffer.from(text, "latin1");
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once("drain", more);
  };
  more();
}

const CAPABILITIES = "IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN IDLE UIDPLUS";

/** An IMAP server without mail that does something else at one command. `instead` answers it with all but the tagged line, or falls silent. */
export function sickImap(at: string, instead: (tag: string, socket: Socket) => string | null): Promise<number> {
  return sickServer(`* OK [CAPABILITY ${CAPABILITIES}] ready`, (line, socket) => {
    const [tag = "", first = "", second = ""] = line.split(" ");
    const command = (first.toUpperCase() === "UID" ? second : first).toUpperCase();
    const done = `${tag} OK done\r\n`;
    if (command === at || (at === "SELECT" && command === "EXAMINE")) return instead(tag, socket);
    if (command === "CAPABILITY") return `* CAPABILITY ${CAPABILITIES}\r\n${done}`;
    if (command === "LIST") return `* LIST (\\HasNoChildren) "/" INBOX\r\n${done}`;
    if (command === "STATUS") return `* STATUS INBOX (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 1 UNSEEN 0)\r\n${done}`;
    if (command === "SELECT" || command === "EXAMINE")
      return `* 3 EXISTS\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT 4] ok\r\n${tag} OK [READ-ONLY] done\r\n`;
    if (command === "SEARCH") return `* SEARCH 1 2 3\r\n${done}`;
    if (command === "IDLE") return "+ idling\r\n";
    return done;
  });
}

const POP3: Readonly<Record<string, string>> = {
  CAPA: "+OK\r\nUSER\r\nUIDL\r\nTOP\r\n.\r\n",
  STAT: "+OK 1 120\r\n",
  UIDL: "+OK\r\n1 abc\r\n.\r\n",
  LIST: "+OK\r\n1 120\r\n.\r\n",
};

/** A POP3 server that falls silent at one command. */
export function silentPop3(at: string): Promise<number> {
  return sickServer(at === "GREETING" ? null : "+OK ready", (line) => {
    const command = line.split(" ")[0]?.toUpperCase() ?? "";
    return command === at ? null : (POP3[command] ?? "+OK\r\n");
  });
}
