import { Socket } from "node:net";
import { type Readable, Writable } from "node:stream";
import type { ImapFlow, ImapResponse } from "imapflow";
import type { Credential, ServerSettings } from "../../shared/contract/accounts.ts";
import { Failure } from "../../shared/failure.ts";
import type { ByteSource } from "../line/byte-source.ts";
import type { OpeningStage } from "../line/opening-stage.ts";
import { asPinned } from "../line/pinned.ts";
import { type Securing, type TlsSessions, tlsSessions } from "../line/tls-sessions.ts";
import { openTunnel } from "../line/tunnel.ts";
import type { Log } from "../log.ts";
import type { Via } from "../plan/proxy.ts";
import { type Abilities, readAbilities } from "./abilities.ts";
import { signInByOurselves } from "./authenticate.ts";
import { type Argument, sendCommand, type Untagged } from "./command-line.ts";
import { decodeFolderName, encodeFolderName } from "./folder-names.ts";
import { type Library, loadLibrary } from "./library.ts";
import { LiteralTap, type OnTappedRow } from "./literal-tap.ts";
import { asImapFailure } from "./outcomes.ts";
import { overLine } from "./over-line.ts";
import { Pace } from "./pace.ts";
import { Reception } from "./reception.ts";
import type { Selected } from "./select-folder.ts";
import { libraryLog } from "./session-log.ts";

const MB = 1024 * 1024;

/** A literal larger than this ends the connection; messages beyond it are not fetched. */
export const LARGEST_LITERAL = 256 * MB;

const CONNECT_MS = 20_000;

export type SessionOptions = {
  readonly server: ServerSettings;
  readonly credential: () => Promise<Credential>;
  readonly log: Log;
  /** Program version for the ID command. */
  readonly version: string;
  /** PEM of authorities trusted besides the built-in ones; for tests and private servers. */
  readonly ca?: string | undefined;
  /** Milliseconds without a byte after which a command counts as dead. */
  readonly silenceMs?: number;
  readonly connectMs?: number;
  /** Memory for the bytes of one message. */
  readonly allocate?: ((sizeBytes: number) => Uint8Array) | undefined;
  /** Gives up while still connecting. */
  readonly signal?: AbortSignal;
  /** The way there; left out = directly. */
  readonly via?: Via | undefined;
  /** Left out = those of the program. */
  readonly sessions?: TlsSessions | undefined;
  /** Hears how far the line has come: `connect` until there is one, `secure` while TLS is made, `greet` until the server speaks, then `sign-in`. */
  readonly onStage?: ((stage: OpeningStage) => void) | undefined;
};

/** One IMAP connection. Commands queue up and run one at a time; any of them rejects with a Failure. */
export interface Session {
  readonly abilities: Abilities;
  /** The folder that the server has selected for this connection, kept by select-folder. */
  selected: Selected | null;
  /** Of the personal namespace, once it was asked for. */
  prefix: string | null;
  /** @param literal what the last argument announces, sent when the server asks for it */
  send(command: string, args: Argument[], untagged?: Untagged, literal?: ByteSource): Promise<ImapResponse>;
  /**
   * As `send`, for a FETCH of whole messages. Those of which nothing special is said go to `onRow`; what stands for the bytes in other answers is
   * exchanged by `messageBytes`.
   */
  sendForMessages(command: string, args: Argument[], onRow: OnTappedRow, untagged: Untagged): Promise<ImapResponse>;
  /** The bytes of a message that came with `sendForMessages`. */
  messageBytes(standIn: Buffer): Uint8Array;
  /** A folder's name as it goes over the wire. */
  wireName(path: string): string;
  /** The folder's path in the store, from its name on the wire. */
  pathOf(raw: string): string;
  /** Remembers the spelling the server itself used: a broken name cannot be spelled anew. */
  learnWireName(path: string, raw: string): void;
  /** A command of the library's own goes out (watch-inbox). */
  began(): void;
  onClosed(listener: (failure: Failure) => void): void;
  readonly closed: boolean;
  /** The line may be silent for so many ms before it is taken for dead: until the next answer that is late. */
  restFor(ms: number): void;
  bytesReceived(): number;
  /** LOGOUT, then close; never takes longer than two seconds. */
  end(): Promise<void>;
  /** Cuts the line. */
  destroy(): void;
  /** For the idling connection only (watch-inbox). */
  readonly client: ImapFlow;
}

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

function refusePlain({ security, host }: ServerSettings): void {
  if (security === "plain" && !LOOPBACK.has(host)) throw new Failure("no-secure-login", { params: { host } });
}

function clientFor(
  { ImapFlow }: Library,
  options: SessionOptions,
  credential: Credential,
  line: Socket | null,
  { tls }: Securing,
  { onread }: Reception,
): ImapFlow {
  const { server } = options;
  // What the library hands on to node:net or node:tls. A line that somebody else has opened, or that becomes a secure one later, has its own memory.
  const direct = line === null && server.security !== "starttls" ? { ...tls, onread } : tls;
  return new ImapFlow({
    host: server.host,
    port: server.port,
    secure: server.security === "tls",
    // Left out, STARTTLS would be opportunistic: whoever strips the capability reads the password.
    ...(server.security === "tls" ? {} : { doSTARTTLS: server.security === "starttls" }),
    tls: direct,
    auth:
      credential.kind === "password"
        ? { user: server.user, pass: credential.password }
        : { user: server.user, accessToken: credential.accessToken },
    // 163, 126 and yeah.net answer SELECT with "Unsafe Login" to clients that do not introduce themselves (RFC 2971).
    clientInfo: { name: "Satchel", version: options.version, vendor: "Satchel" },
    logger: libraryLog(options.log),
    ...(line === null ? {} : { transport: overLine(line) }),
    qresync: true,
    disableAutoIdle: true,
    // Mail is mostly base64; inflating costs more than the line on anything but a modem.
    disableCompression: true,
    connectionTimeout: options.connectMs ?? CONNECT_MS,
    greetingTimeout: options.connectMs ?? CONNECT_MS,
    socketTimeout: options.silenceMs ?? 90_000,
    maxLineLength: 16 * MB,
    maxLiteralSize: LARGEST_LITERAL,
    maxResponseSize: LARGEST_LITERAL + 32 * MB,
    maxLockHoldTime: false,
  });
}

/** The library names neither its socket nor its parser in its types. */
function socketOf(client: ImapFlow): Socket {
  const socket: unknown = Reflect.get(client, "socket");
  if (!(socket instanceof Socket)) throw new Error("this imapflow has no socket");
  return socket;
}

function tapOn(client: ImapFlow, allocate: SessionOptions["allocate"]): LiteralTap {
  const parser: unknown = Reflect.get(client, "streamer");
  if (!(parser instanceof Writable)) throw new Error("this imapflow has no streamer");
  return new LiteralTap(socketOf(client), parser, LARGEST_LITERAL, allocate ?? ((sizeBytes) => new Uint8Array(sizeBytes)));
}

/** The first words of whatever answers. */
function onGreeting(client: ImapFlow, hear: (words: string) => void): void {
  const parser: unknown = Reflect.get(client, "streamer");
  if (!(parser instanceof Writable)) throw new Error("this imapflow has no streamer");
  parser.once("pipe", (socket: Readable) => socket.once("data", (chunk: Buffer) => hear(chunk.toString("latin1"))));
}

/** Tells what the line waits for. The library has made its socket when `connect` has returned, and not yet waited for it. */
function followLine(client: ImapFlow, { server, onStage }: SessionOptions): void {
  const socket: unknown = Reflect.get(client, "socket");
  if (onStage === undefined || !(socket instanceof Socket)) return;
  // Before STARTTLS the server speaks first; that is a part of making the line safe.
  const next = server.security === "plain" ? "greet" : "secure";
  if (socket.connecting) socket.once("connect", () => onStage(next));
  else onStage(next);
  if (server.security === "tls") socket.once("secureConnect", () => onStage("greet"));
}

/** Connects and logs in. Rejects with the Failure that says why not; a session is used once and never reconnects. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const where = { host: options.server.host, port: options.server.port };
  // The credential first: whoever gives it may make the library wait, which loads in one piece.
  const credential = await options.credential();
  const library = await loadLibrary();
  refusePlain(options.server);
  options.onStage?.("connect");
  const wait = { connectMs: options.connectMs ?? CONNECT_MS, signal: options.signal };
  const line = await openTunnel(options.via, where.host, where.port, wait);
  const securing = (options.sessions ?? tlsSessions).secure(options.server, options.ca, line);
  const reception: Reception = new Reception(() => socketOf(client));
  const client = clientFor(library, options, credential, line, securing, reception);
  signInByOurselves(client, options.server, credential, () => options.onStage?.("sign-in"));
  const listeners = new Set<(failure: Failure) => void>();
  let ended: Failure | null = null;
  let trusted = false;
  // Whom we have logged in to has shown who they are: a broken TLS record after that is a bad line, and no reason to stop and ask.
  const asLost = (failure: Failure): Failure =>
    trusted && failure.kind === "untrusted" ? new Failure("line-closed", { params: where, cause: failure }) : failure;
  const close = (failure: Failure) => {
    if (ended) return;
    ended = failure;
    for (const listener of listeners) listener(failure);
  };
  // Before connect(): an `error` event without a listener would end the process.
  client.on("error", (error: unknown) => close(asLost(asImapFailure(error, where))));
  client.on("close", () =>
    close(new Failure("line-closed", { params: where, ...(client.byeReason ? { serverWords: client.byeReason } : {}) })),
  );
  const pace = new Pace(Reflect.get(client, "streamer"), () => {
    close(new Failure("bad-reply", { params: where }));
    client.close();
  });
  const giveUp = () => client.close();
  let stranger: string | null = null;
  onGreeting(client, (words) => {
    // RFC 9051 §7.1: a greeting begins with a star. The library would wait for one until its time is up.
    if (/^[\0\s]*\*/u.test(words)) return;
    stranger = words.split(/\r?\n/u)[0]?.slice(0, 200) ?? "";
    client.close();
  });
  try {
    options.signal?.throwIfAborted();
    options.signal?.addEventListener("abort", giveUp, { once: true });
    const connected = client.connect();
    followLine(client, options);
    await connected;
  } catch (error) {
    client.close();
    if (stranger !== null) throw new Failure("not-a-mail-server", { params: where, serverWords: stranger, cause: error });
    if (options.signal?.aborted) throw new Failure("line-closed", { params: where, cause: error });
    const failure = asImapFailure(error, where);
    securing.failed(failure);
    throw await asPinned(failure, options.server, "imap", options.via);
  } finally {
    options.signal?.removeEventListener("abort", giveUp);
  }
  trusted = true;
  pace.trusted();
  options.log.debug("imap.secured", { resumed: securing.kept(Reflect.get(client, "socket")) });
  const tap = tapOn(client, options.allocate);
  reception.tap = tap;
  const wireNames = new Map<string, string>();
  const enabled = new Set([...client.enabled].map((name) => name.toUpperCase()));
  const run: Session["send"] = async (command, args, untagged, literal) => {
    if (ended) throw ended;
    pace.began();
    try {
      return await sendCommand(client, command, args, untagged, literal);
    } catch (error) {
      const failure = asLost(asImapFailure(error, where));
      // A command cut short knows less than the event that cut it.
      throw failure.code === "line-closed" && ended ? ended : failure;
    }
  };
  return {
    client,
    abilities: readAbilities(
      new Set([...client.capabilities.keys()].map((name) => name.toUpperCase())),
      enabled,
      client.capabilities.get("APPENDLIMIT"),
    ),
    selected: null,
    prefix: null,
    send: run,
    sendForMessages: (command, args, onRow, untagged) =>
      tap.during(onRow, () =>
        run(command, args, {
          ...untagged,
          // After a failure the command's other answers are read by nobody: what they bring must not fill the line.
          async FETCH(answer) {
            if (tap.givenUp) return;
            try {
              await untagged["FETCH"]?.(answer);
            } catch (error) {
              tap.giveUp();
              throw error;
            }
          },
        }),
      ),
    messageBytes: (standIn) => tap.take(standIn.toString("latin1")) ?? standIn,
    wireName: (path) => wireNames.get(path) ?? (enabled.has("UTF8=ACCEPT") ? path : encodeFolderName(path)),
    pathOf: (raw) => (raw.toUpperCase() === "INBOX" ? "INBOX" : enabled.has("UTF8=ACCEPT") ? raw : decodeFolderName(raw)),
    learnWireName: (path, raw) => void wireNames.set(path, raw),
    began: () => pace.began(),
    onClosed(listener) {
      if (ended) listener(ended);
      else listeners.add(listener);
    },
    get closed() {
      return ended !== null;
    },
    restFor(ms) {
      const socket: unknown = Reflect.get(client, "socket");
      if (socket instanceof Socket) socket.setTimeout(ms);
    },
    bytesReceived: () => client.stats().received + tap.takenBytes,
    async end() {
      const cut = setTimeout(() => client.close(), 2000);
      try {
        if (!ended) await client.logout();
      } catch (error) {
        options.log.debug("imap.logout-failed", { code: asImapFailure(error, where).code });
      } finally {
        clearTimeout(cut);
        client.close();
      }
    },
    destroy: () => client.close(),
  };
}
