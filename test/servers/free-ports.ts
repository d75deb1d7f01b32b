import { randomInt } from "node:crypto";
import { createServer } from "node:net";

// Below what systems hand out to whoever asks for any port (Linux from 32768, others from 49152): a server that is stopped for a while
// and started again finds its port free, though hundreds of connections were made meanwhile.
const FIRST = 20_000;
const LAST = 32_700;

/** So many different TCP ports that were free on 127.0.0.1 a moment ago. Somebody else may still take one: start again then. */
export async function freePorts(count: number): Promise<number[]> {
  const held: Held[] = [];
  while (held.length < count) {
    const one = await holdPort(randomInt(FIRST, LAST));
    if (one !== null) held.push(one);
  }
  await Promise.all(held.map((one) => one.release()));
  return held.map((one) => one.port);
}

type Held = { readonly port: number; release(): Promise<void> };

/** Null when somebody has it. */
function holdPort(port: number): Promise<Held | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(null);
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => {
      const release = (): Promise<void> => new Promise((done) => server.close(() => done()));
      resolve({ port, release });
    });
  });
}
