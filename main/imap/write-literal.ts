import { Writable } from "node:stream";
import type { ImapFlow } from "imapflow";
import { Failure } from "../../shared/failure.ts";
import type { ByteSource } from "../line/byte-source.ts";

const PIECE_BYTES = 64 * 1024;

/**
 * Sends the bytes of a literal that the server has asked for, and the end of the command (RFC 9051 §4.3). One piece of
 * them is in memory at a time. The library would have all of a literal in memory; it names its socket in none of its types.
 *
 * @throws what reading the source throws, after which the line is of no use: the server waits for the rest. Failure `line-closed` when it dies
 */
export async function writeLiteral(client: ImapFlow, source: ByteSource): Promise<void> {
  const socket: unknown = Reflect.get(client, "writeSocket");
  if (!(socket instanceof Writable)) throw new Error("this imapflow has no socket to write to");
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  for (let offset = 0; offset < source.sizeBytes; offset += PIECE_BYTES)
    await write(socket, await source.read(offset, Math.min(PIECE_BYTES, source.sizeBytes - offset), piece));
  await write(socket, Buffer.from("\r\n"));
}

/** Resolves when the line has taken them: their memory may be used again. */
async function write(socket: Writable, bytes: Uint8Array): Promise<void> {
  if (socket.destroyed) throw new Failure("line-closed");
  await new Promise<void>((resolve, reject) => {
    const closed = (): void => reject(new Failure("line-closed"));
    socket.once("close", closed);
    socket.write(bytes, (error) => {
      socket.off("close", closed);
      if (error) closed();
      else resolve();
    });
  });
}
