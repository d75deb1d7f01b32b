import type { ServerSettings, TestStep } from "../../shared/contract/accounts.ts";

/** The pairs of doors of each protocol: TLS from the first byte, and STARTTLS (RFC 8314 §3). */
export type Doors = { readonly tls: number; readonly starttls: number };
export type AllDoors = Readonly<Record<"imap" | "pop3" | "smtp", Doors>>;
export const DOORS: AllDoors = {
  imap: { tls: 993, starttls: 143 },
  pop3: { tls: 995, starttls: 110 },
  smtp: { tls: 465, starttls: 587 },
};

/**
 * The step that explains the rest. A wrong clock makes certificates and tokens look wrong; else what failed first on the way, the incoming
 * server's before the outgoing one's, and what only warned after that.
 */
export function firstDiagnosis(steps: readonly TestStep[]): TestStep | null {
  const troubled = steps.filter(({ failure }) => failure !== null);
  const clock = troubled.find(({ failure }) => failure?.params["clock"] !== undefined);
  return clock ?? troubled.find(({ state }) => state === "failed") ?? troubled[0] ?? null;
}

/**
 * Other ways into the same server, as safe as the one that failed, the likeliest first: its other door, and the other kind of TLS at the same port.
 * None where the way was found and something else is the matter.
 */
export function otherWays(server: ServerSettings, doors: Doors, failed: TestStep): ServerSettings[] {
  const code = failed.failure?.code ?? "bug";
  const { stage } = failed;
  const noWay = stage === "tcp" || code === "tls-failed" || code === "starttls-missing" || (stage === "greeting" && code === "timed-out");
  const refusesPlain = code === "no-secure-login" || failed.failure?.serverWords?.startsWith("[PRIVACYREQUIRED]") === true;
  if (server.security === "plain" ? !refusesPlain : !noWay && !(stage === "tls" && code === "line-closed")) return [];
  const tls: ServerSettings = { ...server, port: doors.tls, security: "tls" };
  const starttls: ServerSettings = { ...server, port: doors.starttls, security: "starttls" };
  const samePort: ServerSettings = { ...server, security: server.security === "tls" ? "starttls" : "tls" };
  const all = server.port === doors.starttls ? [tls, starttls, samePort] : [starttls, tls, samePort];
  const ways = stage === "tcp" ? all.slice(0, 2) : [samePort, ...all.slice(0, 2)];
  const key = ({ port, security }: ServerSettings): string => `${port} ${security}`;
  return ways.filter((way, at) => key(way) !== key(server) && ways.findIndex((one) => key(one) === key(way)) === at);
}
