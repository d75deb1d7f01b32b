import { openTunnel } from "../line/tunnel.ts";
import type { Via } from "../plan/proxy.ts";
import { showCertificate } from "./certificate.ts";
import { SURROUNDINGS } from "./surroundings.ts";

/** Whether somebody with a good certificate speaks TLS there from the first byte. Nothing is said to them. */
export async function answersTls(host: string, port: number, via?: Via): Promise<boolean> {
  const { connect, stepMs } = SURROUNDINGS;
  try {
    const line = (await openTunnel(via, host, port, { connectMs: stepMs })) ?? (await connect(host, port, stepMs));
    try {
      const { socket, distrust } = await showCertificate(line, { host, port }, stepMs);
      socket.destroy();
      return distrust === null;
    } finally {
      line.destroy();
    }
  } catch {
    // Whyever it failed, there is nobody to talk to.
    return false;
  }
}
