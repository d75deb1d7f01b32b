import { connect, createServer, type Socket } from "node:net";

/** What happens to a connection when its Nth byte passes. */
export type Fault = {
  readonly kind: "cut" | "stall" | "delay" | "corrupt";
  readonly toward: "server" | "client";
  /** Counted from 0 in that direction of one connection, or where these words begin; what is before it still arrives. */
  readonly at: number | RegExp;
  /** Of all connections that are given this very fault only the first to get there suffers it. Else each of them does. */
  readonly once?: boolean;
};

export interface FaultProxy {
  readonly port: number;
  /** The fault of the next connections, by their number from 0 on; asked once for each. Null = none. */
  plan: (connection: number) => Fault | null;
  /** Faults that have come to pass. */
  readonly struck: number;
  /** Bytes of each connection since the last `forget`. */
  readonly carried: readonly { toServer: number; toClient: number }[];
  /** Connections are numbered from 0 again. */
  forget(): void;
  close(): Promise<void>;
}

/** How long a delayed line holds its breath, ms: longer than a round trip, shorter than anybody's patience. */
const DELAY_MS = 30;

/**
 * A line that fails at a given byte: it is cut, or goes silent without being cut, or hesitates, or one bit turns over. It knows nothing of
 * what it carries; over TLS a turned bit is a broken record, as it is on a real network.
 */
export async function startFaultProxy(serverPort: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let carried: { toServer: number; toClient: number }[] = [];
  let struck = 0;
  const spent = new WeakSet<Fault>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, "127.0.0.1");
    const counts = { toServer: 0, toClient: 0 };
    const fault = proxy.plan(carried.push(counts) - 1);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on("error", end);
      socket.on("close", () => {
        sockets.delete(socket);
        end();
      });
    }
    const carry = (from: Socket, to: Socket, toward: Fault["toward"], key: keyof typeof counts): void => {
      let silent = false;
      from.on("data", (chunk) => {
        const start = counts[key];
        counts[key] += chunk.length;
        if (silent) return;
        const offset = fault?.toward === toward ? offsetOf(fault.at, start, chunk) : -1;
        if (fault === null || offset < 0 || offset >= chunk.length || spent.has(fault)) return void to.write(chunk);
        struck += 1;
        if (fault.once === true) spent.add(fault);
        switch (fault.kind) {
          case "cut":
            // What is before the byte arrives; then the line is gone.
            to.end(chunk.subarray(0, offset), end);
            silent = true;
            return;
          case "stall":
            to.write(chunk.subarray(0, offset));
            silent = true;
            return;
          case "delay":
            to.write(chunk.subarray(0, offset));
            from.pause();
            setTimeout(() => {
              to.write(chunk.subarray(offset));
              from.resume();
            }, DELAY_MS);
            return;
          case "corrupt":
            chunk[offset] = (chunk[offset] ?? 0) ^ 0x04;
            to.write(chunk);
        }
      });
    };
    carry(client, upstream, "server", "toServer");
    carry(upstream, client, "client", "toClient");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const proxy: FaultProxy = {
    port: typeof address === "object" && address !== null ? address.port : 0,
    plan: () => null,
    get struck() {
      return struck;
    },
    get carried() {
      return carried;
    },
    forget: () => {
      carried = [];
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

/** Words must come in one piece, as the answers of a server do. */
function offsetOf(at: Fault["at"], start: number, chunk: Buffer): number {
  return typeof at === "number" ? at - start : chunk.toString("latin1").search(at);
}
