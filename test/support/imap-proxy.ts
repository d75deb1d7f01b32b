import { connect, createServer, type Socket } from "node:net";

/** What becomes of a command on its way: it passes, never gets there, or gets there and its answer is lost. In both latter cases the line breaks. */
export type Fate = "pass" | "lose" | "lose-answer";

export type ImapProxy = {
  readonly port: number;
  /** Commands of all connections without their tags, in order. */
  readonly commands: string[];
  /** Bytes of mail and talk that came from the server. */
  received(): number;
  /** Decides on every command; replace it at any time. */
  fate: (command: string) => Fate;
  /** Every connection breaks after so many bytes from the server; null = never. */
  cutAfter: (() => number) | null;
  close(): Promise<void>;
};

/**
 * A line to a real server that can be cut at any point, and over which the server seems to have fewer extensions.
 *
 * @param withhold capabilities that the client must not hear of
 */
export async function imapProxy(serverPort: number, withhold: readonly string[] = []): Promise<ImapProxy> {
  const sockets = new Set<Socket>();
  let total = 0;
  const server = createServer((client) => {
    const upstream = connect(serverPort, "127.0.0.1");
    let budget = proxy.cutAfter?.() ?? Number.POSITIVE_INFINITY;
    let deaf = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    let unread = "";
    client.on("data", (chunk) => {
      unread += chunk.toString("latin1");
      const lines = unread.split("\r\n");
      unread = lines.pop() ?? "";
      for (const line of lines) {
        const command = line.slice(line.indexOf(" ") + 1);
        proxy.commands.push(command);
        const fate = proxy.fate(command);
        if (fate === "lose") return void client.destroy();
        if (fate === "lose-answer") deaf = true;
      }
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      total += chunk.length;
      if (deaf) return void client.destroy();
      const heard = withhold.length > 0 ? filtered(chunk, withhold) : chunk;
      if (heard.length < budget) {
        budget -= heard.length;
        client.write(heard);
        return;
      }
      client.end(heard.subarray(0, budget));
      upstream.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const proxy: ImapProxy = {
    port: typeof address === "object" && address ? address.port : 0,
    commands: [],
    received: () => total,
    fate: () => "pass",
    cutAfter: null,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

/** Capabilities come in one line, in one piece from a server on the same computer. */
function filtered(chunk: Buffer, withhold: readonly string[]): Buffer {
  const text = chunk.toString("latin1");
  if (!text.includes("CAPABILITY ") && !text.startsWith("* ENABLED")) return chunk;
  const lines = text.split("\r\n").map((line) => {
    if (!line.includes("CAPABILITY ") && !line.startsWith("* ENABLED")) return line;
    return withhold.reduce((left, name) => left.replaceAll(new RegExp(` ${name}(?=[ \\]]|$)`, "gu"), ""), line);
  });
  return Buffer.from(lines.join("\r\n"), "latin1");
}
