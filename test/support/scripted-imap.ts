import { createServer, type Server, type Socket } from "node:net";

/** Answers one command: lines to send before the tagged OK, or the whole answer. */
export type Answer =
  | readonly string[]
  | { readonly lines?: readonly string[]; readonly tagged: string }
  /** Say nothing. */
  | "silence"
  | "close";

export type Script = {
  readonly greeting?: string;
  readonly capabilities?: string;
  /** Asked for every command; undefined = the plain OK of a server without mail. */
  readonly answer?: (command: string, connection: number) => Answer | undefined;
};

export type ScriptedImap = {
  readonly port: number;
  /** Commands without their tags, in order, of all connections. */
  readonly commands: string[];
  /** Sends a line to all connections, unasked. */
  say(line: string): void;
  close(): Promise<void>;
};

/** An IMAP server that says what the test wants it to say. Listens on loopback without TLS. */
export async function scriptedImap(script: Script): Promise<ScriptedImap> {
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  let count = 0;
  const server: Server = createServer((socket) => {
    const connection = count++;
    sockets.add(socket);
    socket.on("error", () => sockets.delete(socket));
    socket.on("close", () => sockets.delete(socket));
    socket.write(`${script.greeting ?? "* OK ready"}\r\n`);
    serve(socket, (line) => commands.push(line), script, connection);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    commands,
    say(line) {
      for (const socket of sockets) socket.write(`${line}\r\n`);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(socket: Socket, heard: (command: string) => void, script: Script, connection: number): void {
  let buffered = "";
  let wanted = 0;
  let pending = "";
  socket.on("data", (chunk) => {
    buffered += chunk.toString("latin1");
    for (;;) {
      if (wanted > 0) {
        if (buffered.length < wanted) return;
        pending += buffered.slice(0, wanted);
        buffered = buffered.slice(wanted);
        wanted = 0;
      }
      const end = buffered.indexOf("\r\n");
      if (end < 0) return;
      const line = pending + buffered.slice(0, end);
      buffered = buffered.slice(end + 2);
      pending = "";
      const literal = /\{(\d+)(\+?)\}$/u.exec(line);
      if (literal) {
        wanted = Number(literal[1]);
        pending = `${line}\n`;
        if (literal[2] === "") socket.write("+ go on\r\n");
        continue;
      }
      answer(socket, line, heard, script, connection);
    }
  });
}

function answer(socket: Socket, line: string, heard: (command: string) => void, script: Script, connection: number): void {
  const space = line.indexOf(" ");
  const tag = space < 0 ? line : line.slice(0, space);
  const command = space < 0 ? line : line.slice(space + 1);
  heard(command);
  const given = script.answer?.(command, connection) ?? usual(command, script);
  if (given === "silence") return;
  if (given === "close") return void socket.destroy();
  const { lines = [], tagged } = Array.isArray(given)
    ? { lines: given, tagged: "OK done" }
    : (given as { lines?: readonly string[]; tagged: string });
  socket.write([...lines, `${tag} ${tagged}`, ""].join("\r\n"), "latin1");
}

function usual(command: string, script: Script): Answer {
  const verb = command.split(" ")[0]?.toUpperCase() ?? "";
  const capabilities = script.capabilities ?? "IMAP4rev1 ID UIDPLUS MOVE";
  if (verb === "CAPABILITY") return [`* CAPABILITY ${capabilities}`];
  if (verb === "ID") return ['* ID ("name" "scripted")'];
  if (verb === "ENABLE")
    return [
      `* ENABLED ${command
        .split(" ")
        .slice(1)
        .filter((name) => capabilities.split(" ").includes(name))
        .join(" ")}`,
    ];
  if (verb === "NAMESPACE") return ['* NAMESPACE (("" "/")) NIL NIL'];
  if (verb === "LOGOUT") return ["* BYE bye"];
  if (verb === "LIST") return ['* LIST (\\HasNoChildren) "/" INBOX'];
  if (verb === "SELECT" || verb === "EXAMINE")
    return ["* 0 EXISTS", "* FLAGS (\\Seen)", "* OK [UIDVALIDITY 1] ok", "* OK [UIDNEXT 1] ok", "* OK [PERMANENTFLAGS (\\Seen \\*)] ok"];
  return [];
}
