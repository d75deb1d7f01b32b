import { TLSSocket } from "node:tls";
import { type Arguments, SyntaxRefusal } from "../arguments.ts";
import { nstring, string } from "../formats.ts";
import { Refusal } from "../refusal.ts";
import type { ServerUser } from "../server-state.ts";
import type { Session } from "../session.ts";
import type { CommandSpec } from "./table.ts";

/** Everything before and around a mailbox: capabilities, login, TLS, goodbye. */
export const accessCommands: Record<string, CommandSpec> = {
  CAPABILITY: {
    state: "any",
    news: "none",
    run: (session) => {
      session.untagged(`* ${session.capabilities()}`);
      return undefined;
    },
  },
  NOOP: { state: "any", news: "all", run: () => undefined },
  LOGOUT: {
    state: "any",
    news: "none",
    run: (session) => {
      session.untagged("* BYE See you");
      session.close();
      return undefined;
    },
  },
  LOGIN: { state: "greeted", news: "none", run: login },
  AUTHENTICATE: { state: "greeted", news: "none", run: authenticate },
  STARTTLS: { state: "greeted", news: "none", needs: "STARTTLS", run: () => "Begin TLS now", after: startTls },
  ID: { state: "any", news: "none", needs: "ID", run: identify },
  ENABLE: { state: "user", news: "none", needs: "ENABLE", run: enable },
  NAMESPACE: {
    state: "user",
    news: "none",
    needs: "NAMESPACE",
    run: (session) => {
      session.untagged(`* NAMESPACE ${session.server.personality?.namespace ?? '(("" "/")) NIL NIL'}`);
      return undefined;
    },
  },
};

function login(session: Session, from: Arguments): string {
  from.space();
  const address = from.astring();
  from.space();
  const password = from.astring();
  from.end();
  if (session.can("LOGINDISABLED")) throw new Refusal("[PRIVACYREQUIRED] LOGIN is switched off");
  return admit(
    session,
    userWith(session, address, (user) => user.password === password),
  );
}

async function authenticate(session: Session, from: Arguments): Promise<string> {
  from.space();
  const mechanism = from.atom().toUpperCase();
  if (!session.can(`AUTH=${mechanism}`)) throw new Refusal("[CANNOT] Unknown mechanism");
  const initial = from.take(" ") ? from.rest : await challenge(session, "");
  const response = Buffer.from(initial === "=" ? "" : initial, "base64").toString("utf8");
  if (mechanism === "PLAIN") {
    const [, address = "", password = ""] = response.split("\0");
    return admit(
      session,
      userWith(session, address, (user) => user.password === password),
    );
  }
  // XOAUTH2 and OAUTHBEARER (RFC 7628 §3.1) both consist of fields parted by ^A; the second names the user in its GS2 header.
  const fields = response.split("\u0001");
  const field = (start: string): string | undefined => fields.find((one) => one.startsWith(start))?.slice(start.length);
  const token = field("auth=Bearer ") ?? "";
  const address = field("user=") ?? /a=([^,]*)/.exec(fields[0] ?? "")?.[1];
  const user = [...session.server.users.values()].find(
    (one) => one.tokens.has(token) && (address === undefined || one.address === address),
  );
  if (user === undefined) {
    // The client is told why, answers with an empty line, and only then comes the NO.
    await challenge(session, JSON.stringify({ status: "400", schemes: "Bearer", scope: "https://mail.example.test/" }));
  }
  return admit(session, user);
}

async function challenge(session: Session, text: string): Promise<string> {
  session.untagged(`+ ${Buffer.from(text).toString("base64")}`);
  const answer = await session.reader.line();
  if (answer === "*" || answer === null) throw new SyntaxRefusal("authentication cancelled");
  return answer;
}

function userWith(session: Session, address: string, is: (user: ServerUser) => boolean): ServerUser | undefined {
  const user = session.server.users.get(address.toLowerCase());
  return user !== undefined && is(user) ? user : undefined;
}

function admit(session: Session, user: ServerUser | undefined): string {
  if (user === undefined) throw new Refusal("[AUTHENTICATIONFAILED] Wrong address or password");
  session.user = user;
  return `[${session.capabilities()}] Welcome`;
}

async function startTls(session: Session): Promise<void> {
  const { tls } = session.server;
  if (tls === null) return;
  session.reader.detach();
  const secure = new TLSSocket(session.socket, { isServer: true, secureContext: tls });
  session.socket = secure;
  session.reader.attach(secure);
}

function identify(session: Session, from: Arguments): undefined {
  from.space();
  if (!from.take("NIL")) {
    const pairs = from.list(() => from.nstring());
    const entries = pairs.flatMap((name, index): [string, string | null][] =>
      index % 2 === 0 && name !== null ? [[name, pairs[index + 1] ?? null]] : [],
    );
    session.clientId = Object.fromEntries(entries);
  }
  session.untagged(`* ID (${string("name")} ${nstring(session.server.name)})`);
  return undefined;
}

const ENABLEABLE = ["CONDSTORE", "QRESYNC"];

function enable(session: Session, from: Arguments): undefined {
  const enabled: string[] = [];
  while (from.take(" ")) {
    const name = from.atom().toUpperCase();
    if (!ENABLEABLE.includes(name) || !session.can(name)) continue;
    session.enabled.add(name);
    // RFC 7162 §3.2.3: QRESYNC brings CONDSTORE with it.
    if (name === "QRESYNC") session.enabled.add("CONDSTORE");
    enabled.push(name);
  }
  session.untagged(`* ENABLED${enabled.map((name) => ` ${name}`).join("")}`);
  return undefined;
}
