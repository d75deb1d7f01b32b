import { isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";

/**
 * A TLS handshake with whoever answers, good certificate or bad: only to say with whom it would be. Nothing may be said over it unless
 * `authorized` holds. No other place in the program shakes hands with somebody it does not trust.
 */
export function shakeHands(line: Socket, host: string): TLSSocket {
  return connectTls({
    socket: line,
    host,
    // RFC 6066 §3: addresses are no server names.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    minVersion: "TLSv1.2",
    rejectUnauthorized: false,
  });
}
