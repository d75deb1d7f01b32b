import { isIPv6, type Socket } from "node:net";
import type { ProxyRoute } from "../plan/proxy.ts";
import { Handshake } from "./handshake.ts";
import { ProxyRefused, ProxyWantsSignIn } from "./refusals.ts";

const LONGEST_HEAD = 16 * 1024;

/**
 * Asks for a tunnel (RFC 9110 §9.3.6). `host` goes as it is: the proxy looks it up.
 *
 * @throws ProxyRefused, ProxyWantsSignIn, LineEnded
 */
export async function httpConnect(socket: Socket, { user, password }: ProxyRoute, host: string, port: number): Promise<void> {
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const secret = user === null ? "" : Buffer.from(`${user}:${password ?? ""}`, "utf8").toString("base64");
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`, ...(secret === "" ? [] : [`Proxy-Authorization: Basic ${secret}`])];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const head = await new Handshake(socket).head(LONGEST_HEAD);
  const [first = ""] = head.split("\r\n");
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/u.exec(first)?.[1] ?? 0);
  if (status >= 200 && status < 300) return;
  if (status === 407) throw new ProxyWantsSignIn(first);
  throw new ProxyRefused(first);
}
