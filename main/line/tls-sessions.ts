import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { type ConnectionOptions, TLSSocket } from "node:tls";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import type { Failure } from "../../shared/failure.ts";
import { chainOf, trustFor } from "./trust.ts";
import { wayOf } from "./tunnel.ts";

const HOUR = 3_600_000;
/** From the handshake in which the certificate was seen, however often the line was resumed since. */
const LONGEST_MS = 4 * HOUR;
const MOST_PLACES = 64;
const MOST_TICKETS = 4;

/** Until when the certificate of the first handshake speaks for its server, and since when. Milliseconds UTC. */
type Seen = { readonly at: number; readonly until: number };
type Ticket = { readonly session: Buffer; readonly seen: Seen };
type Place = {
  readonly host: string;
  /** What the certificate was verified by. */
  trust: string;
  tickets: Ticket[];
  /** Fails when it is offered a session: it gets a full handshake from now on. */
  averse: boolean;
  resumed: boolean | null;
};

/** How one line is secured. */
export type Securing = {
  /** For node:tls: how the server is verified, and the session that is offered to it. */
  readonly tls: ConnectionOptions;
  /** Remembers the line for the next one; called once it is signed in on. @returns whether it was resumed; null where it is not TLS */
  kept(socket: unknown): boolean | null;
  /** The line did not come about. */
  failed(failure: Failure): void;
};

type Where = Pick<ServerSettings, "host" | "port" | "security" | "user" | "pinned">;

/**
 * TLS sessions of the last lines, so that the next one to the same server begins without a certificate and its proof (RFC 8446 §2.2). In memory only.
 *
 * A resumed line is verified by nothing but the first one's certificate. So a session is offered only to whom it came from (host, port, kind of TLS,
 * user, way through proxies), only while the same authorities and the same pinned certificate count, and not beyond that
 * certificate's validity or four hours. Each is offered once (RFC 8446 §C.4), and TLS 1.2 has none: see decision 0085.
 */
export class TlsSessions {
  readonly #clock: () => number;
  readonly #places = new Map<string, Place>();

  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  /**
   * @param ca as of `trustFor`
   * @param line of a proxy's, or null
   * @throws Failure `invalid-input` as `trustFor`
   */
  secure(server: Where, ca: string | undefined, line: Socket | null): Securing {
    const trusted = trustFor(server, ca);
    if (server.security === "plain") return { tls: trusted, kept: () => null, failed: () => undefined };
    const place = this.#placeOf(server, wayOf(line), trustOf(server, ca));
    const ticket = this.#take(place);
    return {
      tls: ticket === null ? trusted : { ...trusted, session: ticket.session },
      kept: (socket) => this.#keep(place, ticket, socket),
      failed: ({ kind, code }) => {
        if (kind === "untrusted") this.forget(server.host);
        if (ticket !== null && code === "tls-failed") place.averse = true;
      },
    };
  }

  /** Somebody shows a certificate in this server's name that is not trusted: no more of what was agreed before. */
  forget(host: string): void {
    for (const place of this.#places.values()) if (place.host === host) place.tickets = [];
  }

  /** Whether the last line to this server was resumed, whichever way it went; null where there was none yet. */
  lastResumed(server: Where): boolean | null {
    const prefix = keyOf(server, "");
    const found = [...this.#places].findLast(([key, { resumed }]) => key.startsWith(prefix) && resumed !== null);
    return found?.[1].resumed ?? null;
  }

  #placeOf(server: Where, way: string, trust: string): Place {
    const key = keyOf(server, way);
    const known = this.#places.get(key);
    const place = known ?? { host: server.host, trust, tickets: [], averse: false, resumed: null };
    if (place.trust !== trust) {
      this.forget(server.host);
      place.trust = trust;
    }
    // The one that was used last stands last.
    this.#places.delete(key);
    this.#places.set(key, place);
    const [oldest] = this.#places.keys();
    if (this.#places.size > MOST_PLACES && oldest !== undefined) this.#places.delete(oldest);
    return place;
  }

  #take(place: Place): Ticket | null {
    const now = this.#clock();
    // A clock that was set back says nothing of how old they are.
    place.tickets = place.tickets.filter(({ seen }) => seen.at <= now && now < seen.until);
    return place.tickets.pop() ?? null;
  }

  #keep(place: Place, offered: Ticket | null, socket: unknown): boolean | null {
    if (!(socket instanceof TLSSocket)) return null;
    const resumed = socket.isSessionReused();
    place.resumed = resumed;
    // Node has no certificate for a resumed line of TLS 1.2, to which a sign-in could be bound.
    if (!socket.authorized || place.averse || socket.getProtocol() !== "TLSv1.3") return resumed;
    const seen = resumed ? offered?.seen : this.#seenOn(socket);
    if (seen === undefined) return resumed;
    const { trust } = place;
    const keep = (session: Buffer | undefined): void => {
      if (session === undefined || place.trust !== trust || offered?.session.equals(session) === true) return;
      place.tickets = [...place.tickets, { session, seen }].slice(-MOST_TICKETS);
    };
    // What came before this moment, and what comes later.
    keep(socket.getSession());
    socket.on("session", keep);
    return resumed;
  }

  #seenOn(socket: TLSSocket): Seen | undefined {
    const at = this.#clock();
    const ends = chainOf(socket.getPeerCertificate(true)).map((certificate) => Date.parse(certificate.valid_to));
    const until = Math.min(at + LONGEST_MS, ...ends);
    return until > at ? { at, until } : undefined;
  }
}

const keyOf = ({ host, port, security, user }: Where, way: string): string => `${JSON.stringify([host, port, security, user])} ${way}`;

function trustOf({ pinned }: Where, ca: string | undefined): string {
  const authorities = ca === undefined ? "" : createHash("sha256").update(ca).digest("hex");
  return `${pinned?.sha256 ?? ""} ${authorities}`;
}

/** Those of the program. */
export const tlsSessions = new TlsSessions();
