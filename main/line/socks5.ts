import { isIP, isIPv4, type Socket, SocketAddress } from "node:net";
import type { ProxyRoute } from "../plan/proxy.ts";
import { Handshake } from "./handshake.ts";
import { ProxyRefused, ProxyWantsSignIn } from "./refusals.ts";

const VERSION = 5;
const WITHOUT_SIGN_IN = 0;
const USER_AND_PASSWORD = 2;
const NONE_ACCEPTABLE = 0xff;

/** RFC 1928 §6. */
const REPLIES: Readonly<Record<number, string>> = {
  1: "general failure",
  2: "connection not allowed by ruleset",
  3: "network unreachable",
  4: "host unreachable",
  5: "connection refused",
  6: "TTL expired",
  7: "command not supported",
  8: "address type not supported",
};

/**
 * Asks for a line (RFC 1928, RFC 1929). Names go as they are, so that nobody on this computer's network hears them.
 *
 * @throws ProxyRefused, ProxyWantsSignIn, LineEnded
 */
export async function socks5(socket: Socket, { user, password }: ProxyRoute, host: string, port: number): Promise<void> {
  const proxy = new Handshake(socket);
  const methods = user === null ? [WITHOUT_SIGN_IN] : [WITHOUT_SIGN_IN, USER_AND_PASSWORD];
  socket.write(Buffer.from([VERSION, methods.length, ...methods]));
  const [version, method] = await proxy.exactly(2);
  if (version !== VERSION) throw new ProxyRefused("this is no SOCKS5 proxy");
  if (method === NONE_ACCEPTABLE) throw new ProxyWantsSignIn("SOCKS5: no acceptable methods");
  if (method === USER_AND_PASSWORD && user !== null) await signIn(socket, proxy, user, password ?? "");
  else if (method !== WITHOUT_SIGN_IN) throw new ProxyRefused(`SOCKS5: method ${String(method)}`);
  socket.write(Buffer.from([VERSION, 1, 0, ...addressBytes(host), port >> 8, port & 0xff]));
  const [, reply = 1, , kind = 0] = await proxy.exactly(4);
  if (reply !== 0) throw new ProxyRefused(`SOCKS5: ${REPLIES[reply] ?? `reply ${reply}`}`);
  // Where the proxy itself stands is of no use, but has to be read.
  const addressLength = kind === 1 ? 4 : kind === 4 ? 16 : ((await proxy.exactly(1))[0] ?? 0);
  await proxy.exactly(addressLength + 2);
}

async function signIn(socket: Socket, proxy: Handshake, user: string, password: string): Promise<void> {
  const name = Buffer.from(user, "utf8").subarray(0, 255);
  const secret = Buffer.from(password, "utf8").subarray(0, 255);
  socket.write(Buffer.concat([Buffer.from([1, name.length]), name, Buffer.from([secret.length]), secret]));
  const [, status] = await proxy.exactly(2);
  if (status !== 0) throw new ProxyWantsSignIn("SOCKS5: user name or password not accepted");
}

function addressBytes(host: string): number[] {
  if (isIPv4(host)) return [1, ...host.split(".").map(Number)];
  if (isIP(host) === 6) return [4, ...ipv6Bytes(host)];
  const name = Buffer.from(host, "latin1").subarray(0, 255);
  return [3, name.length, ...name];
}

/** RFC 4291 §2.2, `::` spelt out; the last four bytes may be written as an IPv4 address. */
function ipv6Bytes(host: string): number[] {
  const [head = "", tail] = new SocketAddress({ address: host, family: "ipv6" }).address.split("::");
  const bytes = (text: string): number[] =>
    text === ""
      ? []
      : text.split(":").flatMap((group) => {
          if (group.includes(".")) return group.split(".").map(Number);
          const value = Number.parseInt(group, 16);
          return [value >> 8, value & 0xff];
        });
  const before = bytes(head);
  const after = bytes(tail ?? "");
  return [...before, ...Array<number>(16 - before.length - after.length).fill(0), ...after];
}
