import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { encodeFolderName } from "../../../main/imap/folder-names.ts";
import type { RealServers } from "../../servers/real.ts";
import { FOLDERS, type GeneratedMessage, generateMessage } from "./mailbox.ts";

/** Grows when the generator changes, so that no bench runs on yesterday's mailbox. */
const VERSION = 1;
const CACHE = new URL("../../../.cache/bench/", import.meta.url).pathname;
const BATCH = 40;

/**
 * Puts the generated mailbox of `count` messages into the first user's account. The first run appends it message by message
 * and keeps a copy of the server's files; later ones copy those.
 */
export async function loadMailbox(servers: RealServers, count: number): Promise<void> {
  const user = servers.users[0];
  if (user === undefined) throw new Error("no user to load");
  const home = join(servers.folder, "mail", user.address);
  const cached = join(CACHE, `mailbox-${count}-v${VERSION}`);
  await servers.stopDovecot();
  if (existsSync(cached)) {
    rmSync(home, { recursive: true, force: true });
    execFileSync("cp", ["-a", cached, home]);
    await servers.startDovecot();
    return;
  }
  await servers.startDovecot();
  await append(servers.ports.imap, user.address, user.password, count);
  await servers.stopDovecot();
  mkdirSync(CACHE, { recursive: true });
  execFileSync("cp", ["-a", home, `${cached}.next`]);
  renameSync(`${cached}.next`, cached);
  await servers.startDovecot();
}

async function append(port: number, user: string, password: string, count: number): Promise<void> {
  const line = new Line(connect(port, "127.0.0.1"));
  await line.command(`LOGIN ${user} ${password}`);
  for (const folder of FOLDERS.slice(1)) await line.command(`CREATE "${encodeFolderName(folder)}"`).catch(() => undefined);
  const waiting = new Map<string, GeneratedMessage[]>();
  for (let index = 0; index < count; index += 1) {
    const message = generateMessage(index);
    const batch = waiting.get(message.folder) ?? [];
    batch.push(message);
    waiting.set(message.folder, batch);
    if (batch.length < BATCH) continue;
    waiting.delete(message.folder);
    await line.append(message.folder, batch);
  }
  for (const [folder, batch] of waiting) await line.append(folder, batch);
  await line.close();
}

/** Just enough IMAP to fill a mailbox fast: MULTIAPPEND (RFC 3502) with LITERAL+ (RFC 7888). */
class Line {
  readonly #socket: Socket;
  #tag = 0;
  #received = "";
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (data: Buffer) => {
      this.#received += data.toString("latin1");
      this.#wake();
    });
  }

  async command(text: string): Promise<void> {
    await this.#send([Buffer.from(text)]);
  }

  async append(folder: string, messages: readonly GeneratedMessage[]): Promise<void> {
    const pieces: Buffer[] = [Buffer.from(`APPEND "${encodeFolderName(folder)}"`)];
    for (const { raw, receivedAt, seen } of messages) {
      pieces.push(Buffer.from(` (${seen ? "\\Seen" : ""}) "${internalDate(receivedAt)}" {${raw.length}+}\r\n`), raw);
    }
    await this.#send(pieces);
  }

  /** The server hangs up after LOGOUT. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#socket.once("close", () => resolve()));
    this.#socket.on("error", () => undefined);
    this.#socket.write("z LOGOUT\r\n");
    return closed;
  }

  async #send(pieces: readonly Buffer[]): Promise<void> {
    this.#tag += 1;
    const tag = `b${this.#tag}`;
    this.#socket.write(Buffer.concat([Buffer.from(`${tag} `), ...pieces, Buffer.from("\r\n")]));
    for (;;) {
      const answer = new RegExp(`^${tag} (OK|NO|BAD)[^\\r]*\\r\\n`, "mu").exec(this.#received);
      if (answer) {
        this.#received = "";
        if (answer[1] !== "OK") throw new Error(answer[0]);
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** RFC 9051 §9 date-time. */
function internalDate(at: number): string {
  const date = new Date(at);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${two(date.getUTCDate())}-${MONTHS[date.getUTCMonth()] ?? ""}-${date.getUTCFullYear()} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}
