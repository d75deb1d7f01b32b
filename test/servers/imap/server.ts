import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, createServer as createTlsServer } from "node:tls";
import { FolderControl } from "./folder-control.ts";
import { Gmail } from "./gmail.ts";
import { canonicalName, MailStore, STANDARD_FOLDERS } from "./mail-store.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Personality } from "./personality.ts";
import type { Hooks, RecordedCommand, ServerState, ServerUser } from "./server-state.ts";
import { Session } from "./session.ts";
import { encodeFolderName } from "./utf7.ts";

/** Everything that this server can do. Leave out what a test's provider does not have. */
export const ALL_CAPABILITIES: readonly string[] = [
  ..."IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER STARTTLS ID ENABLE IDLE NAMESPACE UIDPLUS MOVE UNSELECT".split(
    " ",
  ),
  ..."CHILDREN LIST-EXTENDED LIST-STATUS SPECIAL-USE CREATE-SPECIAL-USE ESEARCH MULTIAPPEND CONDSTORE QRESYNC".split(" "),
];

export interface ImapUser {
  address: string;
  password: string;
  tokens?: readonly string[];
  /** Wire names (modified UTF-7) and their special use; by default INBOX and the five usual ones. */
  folders?: Readonly<Record<string, string | null>>;
}

export interface ImapServerOptions {
  users: readonly ImapUser[];
  capabilities?: readonly string[];
  /** Paths of PEM files. `implicit`: TLS from the first byte; else STARTTLS is offered. */
  tls?: { cert: string; key: string; implicit?: boolean };
  hooks?: Hooks;
  /** 0, the default, lets the system choose. */
  port?: number;
  /** What ID says. */
  name?: string;
  /** A real provider's manners. */
  personality?: Personality;
}

/** An IMAP server in this process, on loopback, with its mail in memory. */
export interface ImapServer {
  readonly port: number;
  /** Changes count for connections from now on, and for CAPABILITY asked again. */
  capabilities: string[];
  hooks: Hooks;
  /** Every command since the start, oldest first, without secrets. */
  readonly commands: readonly RecordedCommand[];
  /** Connections open now. */
  readonly connections: number;
  /** Connections ever made. */
  readonly connectionsMade: number;
  /** A folder by the name that people read. */
  folder(address: string, name: string): FolderControl;
  /** Wire names of all folders. */
  folders(address: string): string[];
  setPassword(address: string, password: string): void;
  setTokens(address: string, tokens: readonly string[]): void;
  /** Cuts all connections without a word. */
  dropAll(): void;
  /** Refuses connections as a stopped server does; the mail stays. */
  pause(): Promise<void>;
  /** Listens again, on the same port. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

export async function startImapServer(options: ImapServerOptions): Promise<ImapServer> {
  const { personality = null } = options;
  const folders = personality?.folders;
  const users = new Map(
    options.users.map((user) => [
      user.address.toLowerCase(),
      newUser(folders === undefined ? user : { folders, ...user }, personality?.separator),
    ]),
  );
  const tls = options.tls === undefined ? null : { cert: readFileSync(options.tls.cert), key: readFileSync(options.tls.key) };
  const implicit = options.tls?.implicit === true;
  const commands: RecordedCommand[] = [];
  const state: ServerState = {
    users,
    capabilities: [...(options.capabilities ?? personality?.capabilities ?? ALL_CAPABILITIES)],
    tls: tls === null || implicit ? null : createSecureContext(tls),
    hooks: options.hooks ?? {},
    name: options.name ?? "Satchel test server",
    record: (command) => void commands.push(command),
    folderName: (store, mailbox) => nameOf(store, mailbox),
    personality,
    gmail: new Map(
      personality?.labels === true ? [...users.values()].map(({ store }): [MailStore, Gmail] => [store, new Gmail(store)]) : [],
    ),
  };
  const sessions = new Set<Session>();
  let made = 0;
  const greet = (socket: Socket): void => {
    socket.setNoDelay(true);
    // A client that goes away mid-answer is no news; the session ends by itself.
    socket.on("error", () => socket.destroy());
    const session = new Session(state, socket, ++made);
    sessions.add(session);
    socket.once("close", () => sessions.delete(session));
    void session.serve().catch((error: unknown) => {
      session.drop();
      throw error;
    });
  };
  const listener: Server = tls !== null && implicit ? createTlsServer(tls, greet) : createServer(greet);
  const port = await listen(listener, options.port ?? 0);
  const dropAll = (): void => {
    for (const session of sessions) session.drop();
  };
  const pause = (): Promise<void> => {
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    dropAll();
    return closed;
  };
  const user = (address: string): ServerUser => {
    const found = users.get(address.toLowerCase());
    if (found === undefined) throw new Error(`no such user: ${address}`);
    return found;
  };
  return {
    port,
    get capabilities() {
      return state.capabilities;
    },
    set capabilities(list) {
      state.capabilities = [...list];
    },
    get hooks() {
      return state.hooks;
    },
    set hooks(hooks) {
      state.hooks = hooks;
    },
    commands,
    get connections() {
      return sessions.size;
    },
    get connectionsMade() {
      return made;
    },
    folder: (address, name) => {
      const { store } = user(address);
      const cutOff = (mailbox: Mailbox): void => {
        for (const session of sessions) if (session.view?.mailbox === mailbox) session.drop();
      };
      return new FolderControl(store, canonicalName(encodeFolderName(name)), cutOff, state.gmail.get(store) ?? null);
    },
    folders: (address) => [...user(address).store.mailboxes.keys()],
    setPassword: (address, password) => {
      user(address).password = password;
    },
    setTokens: (address, tokens) => {
      user(address).tokens = new Set(tokens);
    },
    dropAll,
    pause,
    resume: async () => void (await listen(listener, port)),
    stop: async () => {
      if (listener.listening) await pause();
    },
  };
}

function newUser(user: ImapUser, separator?: string): ServerUser {
  const store = new MailStore(user.folders ?? STANDARD_FOLDERS, separator);
  return { address: user.address, password: user.password, tokens: new Set(user.tokens), store };
}

function nameOf(store: MailStore, mailbox: Mailbox): string | null {
  return [...store.mailboxes].find(([, one]) => one === mailbox)?.[0] ?? null;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
