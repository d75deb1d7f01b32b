import type { IncomingMessage } from "node:http";

export type GateAnswer = "pass" | "wrong-host" | "wrong-origin";

/**
 * Whether a request may be looked at. The Host header must be the address that was printed (another name for 127.0.0.1 is DNS rebinding), and a
 * request that names its origin must come from our own page.
 * @param opaqueAllowed frames of mail have the origin "null"; only asset addresses, which carry keys, are open to them
 */
export function gate(request: Pick<IncomingMessage, "headers">, port: number, opaqueAllowed: boolean): GateAnswer {
  const own = `127.0.0.1:${port}`;
  if (request.headers.host !== own) return "wrong-host";
  const { origin } = request.headers;
  if (origin === undefined || origin === `http://${own}`) return "pass";
  return opaqueAllowed && origin === "null" ? "pass" : "wrong-origin";
}

/** As `gate`, for a WebSocket: browsers always name the origin there, so its absence is refused too. */
export function upgradeGate(request: Pick<IncomingMessage, "headers">, port: number): GateAnswer {
  return request.headers.origin === undefined ? "wrong-origin" : gate(request, port, false);
}
