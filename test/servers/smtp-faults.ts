import { createServer, type Server, type Socket } from "node:net";

/** The points of a dialogue at which a fault can be set. `end` is after the final dot. */
export const POINTS = ["greeting", "ehlo", "auth", "mail", "rcpt", "data", "upload", "end", "rset"] as const;
export type Point = (typeof POINTS)[number];

/**
 * What the server does instead of answering well: say something else, close the line (`drop`), fall silent (`hang`), or close after the
 * answer (`say` with `thenDrop`). `accept` makes `end` take the message before the fault, so that only the answer is lost.
 */
export type Fault =
  | { readonly kind: "say"; readonly line: string; readonly thenDrop?: boolean }
  | { readonly kind: "drop"; readonly accept?: boolean }
  | { readonly kind: "hang"; readonly accept?: boolean };

export type Received = { readonly from: string; readonly to: readonly string[]; readonly bytes: Buffer };

type Rule = { readonly point: Point; readonly fault: Fault; readonly match: (line: string) => boolean; left: number; skip: number };

/** A small SMTP server that misbehaves on request and tells when a dialogue has come to a point. */
export class FaultySmtp {
  readonly received: Received[] = [];
  /** All commands of all connections, in order. */
  readonly commands: string[] = [];
  connections = 0;
  capabilities = ["PIPELINING", "8BITMIME", "SIZE 50000000", "AUTH PLAIN LOGIN"];
  passwordOk = (_line: string): boolean => true;
  /** Bytes of the upload after which the point `upload` is reached. */
  uploadPoint = 1;
  /** Called with what was taken, before the answer. */
  onReceived = (_message: Received): void => {};
  readonly #rules: Rule[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #watchers = new Set<{ point: Point; resolve: () => void }>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<FaultySmtp> {
    const server = createServer();
    const faulty = new FaultySmtp(server);
    server.on("connection", (socket) => faulty.#serve(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return faulty;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("not listening");
    return address.port;
  }

  /** Sets a fault for `times` dialogues that come to `point` (and whose line matches), after `skip` of them went well. */
  fault(
    point: Point,
    fault: Fault,
    { times = 1, skip = 0, match = /(?:)/u }: { times?: number; skip?: number; match?: RegExp } = {},
  ): void {
    this.#rules.push({ point, fault, match: (line) => match.test(line), left: times, skip });
  }

  clearFaults(): void {
    this.#rules.length = 0;
  }

  /** Resolves when the next dialogue comes to `point`. */
  reached(point: Point): Promise<void> {
    return new Promise((resolve) => this.#watchers.add({ point, resolve }));
  }

  /** Cuts all lines that are open. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.dropAll();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #take(point: Point, line: string): Fault | undefined {
    for (const watcher of this.#watchers) {
      if (watcher.point !== point) continue;
      this.#watchers.delete(watcher);
      watcher.resolve();
    }
    const rule = this.#rules.find((candidate) => candidate.point === point && candidate.left > 0 && candidate.match(line));
    if (!rule) return undefined;
    if (rule.skip > 0) {
      rule.skip -= 1;
      return undefined;
    }
    rule.left -= 1;
    return rule.fault;
  }

  #serve(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let from = "";
    let to: string[] = [];
    let mode: "command" | "data" | "auth" = "command";
    let open = false;
    let silent = false;
    let uploadSeen = false;
    let refused = false;
    let body: Buffer[] = [];
    let bodyBytes = 0;
    let pending = Buffer.alloc(0);

    /** Answers, or does what was asked for instead. Returns whether the answer was the good one. */
    const answer = (point: Point, line: string, good: string): boolean => {
      const fault = this.#take(point, line);
      if (!fault) {
        socket.write(`${good}\r\n`);
        return true;
      }
      if (fault.kind === "hang") silent = true;
      else if (fault.kind === "drop") socket.destroy();
      else {
        socket.write(`${fault.line}\r\n`);
        if (fault.thenDrop) socket.end();
        return /^[23]/u.test(fault.line);
      }
      return false;
    };

    const onLine = (line: string): void => {
      this.commands.push(line);
      const verb = line.slice(0, 4).toUpperCase();
      if (mode === "auth") {
        mode = "command";
        answer("auth", line, this.passwordOk(line) ? "235 2.7.0 ok" : "535 5.7.8 authentication failed");
      } else if (verb === "EHLO") {
        const lines = ["fault.example.test", ...this.capabilities];
        answer("ehlo", line, lines.map((text, at) => `250${at === lines.length - 1 ? " " : "-"}${text}`).join("\r\n"));
      } else if (verb === "AUTH") {
        if (line.split(" ").length > 2) answer("auth", line, this.passwordOk(line) ? "235 2.7.0 ok" : "535 5.7.8 authentication failed");
        else {
          mode = "auth";
          socket.write("334 \r\n");
        }
      } else if (verb === "MAIL") {
        to = [];
        open = answer("mail", line, "250 2.1.0 ok");
        from = /<([^>]*)>/u.exec(line)?.[1] ?? "";
      } else if (verb === "RCPT" && !open) {
        socket.write("503 5.5.1 no sender\r\n");
      } else if (verb === "RCPT") {
        const address = /<([^>]*)>/u.exec(line)?.[1] ?? "";
        if (answer("rcpt", line, "250 2.1.5 ok")) to.push(address);
      } else if (verb === "DATA") {
        if (to.length === 0) socket.write("554 5.5.1 no valid recipients\r\n");
        else if (answer("data", line, "354 go ahead")) {
          mode = "data";
          uploadSeen = false;
        }
      } else if (verb === "RSET") {
        to = [];
        answer("rset", line, "250 2.0.0 ok");
      } else if (verb === "QUIT") {
        socket.end("221 2.0.0 bye\r\n");
      } else socket.write("500 5.5.2 what?\r\n");
    };

    const took = (message: Received): void => {
      this.received.push(message);
      this.onReceived(message);
    };
    const onMessage = (bytes: Buffer): void => {
      const message = { from, to, bytes };
      const fault = this.#take("end", from);
      if (!fault) {
        took(message);
        socket.write("250 2.0.0 taken\r\n");
      } else if (fault.kind === "say") {
        if (fault.line.startsWith("2")) took(message);
        socket.write(`${fault.line}\r\n`);
        if (fault.thenDrop) socket.end();
      } else {
        if (fault.accept) took(message);
        if (fault.kind === "drop") socket.destroy();
        else silent = true;
      }
    };

    socket.on("data", (chunk) => {
      if (silent) return;
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      while (pending.length > 0 && !silent && !socket.destroyed) {
        if (mode === "data") {
          const end = pending.indexOf("\r\n.\r\n");
          if (!uploadSeen && bodyBytes + pending.length >= this.uploadPoint) {
            uploadSeen = true;
            const fault = this.#take("upload", from);
            if (fault?.kind === "drop") return void socket.destroy();
            if (fault?.kind === "hang") {
              silent = true;
              return void socket.pause();
            }
            if (fault?.kind === "say") {
              socket.write(`${fault.line}\r\n`);
              if (fault.thenDrop) {
                silent = true;
                return void socket.end();
              }
              // What has been refused is not taken after all, and not answered a second time.
              refused = !fault.line.startsWith("2");
            }
          }
          if (end < 0) {
            // Only the end can still be part of the final dot; the rest is put aside, so that a large message is not gone through again and again.
            const aside = pending.subarray(0, Math.max(0, pending.length - 4));
            body.push(aside);
            bodyBytes += aside.length;
            pending = pending.subarray(aside.length);
            return;
          }
          const raw = Buffer.concat([...body, pending.subarray(0, end + 2)]);
          body = [];
          bodyBytes = 0;
          pending = pending.subarray(end + 5);
          mode = "command";
          if (refused) {
            refused = false;
            continue;
          }
          onMessage(Buffer.from(raw.toString("latin1").replace(/^\.\./gmu, "."), "latin1"));
        } else {
          const end = pending.indexOf("\r\n");
          if (end < 0) return;
          const line = pending.toString("utf8", 0, end);
          pending = pending.subarray(end + 2);
          onLine(line);
        }
      }
    });
    answer("greeting", "", "220 fault.example.test ESMTP");
  }
}
