import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

const TYPE_A = 1;
/** QR, RD, RA: an answer without error (RFC 1035 §4.1.1). */
const ANSWER_FLAGS = 0x8180;

export type NameServer = {
  readonly port: number;
  /** Every name that was asked for, in lower case, in order. */
  readonly names: readonly string[];
  stop(): Promise<void>;
};

/**
 * A name server that hears every name a browser asks for and answers 127.0.0.1: DNS over HTTPS (RFC 8484), because that is the one kind that
 * a browser can be told to use alone, on any system and without rights on the machine. Lookups ahead of need come this way as well.
 */
export async function startNameServer(tls: { key: Buffer; cert: Buffer }): Promise<NameServer> {
  const names: string[] = [];
  const server = createServer(tls, (request, response) => {
    void readMessage(request).then((query) => {
      const { name, type, end } = readQuestion(query);
      names.push(name);
      send(response, answerTo(query.subarray(0, end), type));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    names,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readMessage(request: IncomingMessage): Promise<Buffer> {
  // RFC 8484 §4.1: in the address with GET, in the body with POST.
  const inAddress = new URL(request.url ?? "/", "https://127.0.0.1").searchParams.get("dns");
  if (inAddress !== null) return Buffer.from(inAddress, "base64url");
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** The first question of a query; browsers ask one at a time. `end` is where it ends. RFC 1035 §4.1.2. */
export function readQuestion(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

/** 127.0.0.1 for an A question, nothing for any other. */
function answerTo(headAndQuestion: Buffer, type: number): Buffer {
  const head = Buffer.from(headAndQuestion);
  head.writeUInt16BE(ANSWER_FLAGS, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(type === TYPE_A ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  // RFC 1035 §4.1.4: the name is the one at offset 12.
  const record = [0xc0, 12, 0, TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1];
  return type === TYPE_A ? Buffer.concat([head, Buffer.from(record)]) : head;
}

function send(response: ServerResponse, message: Buffer): void {
  response.writeHead(200, { "content-type": "application/dns-message", "content-length": message.length }).end(message);
}
