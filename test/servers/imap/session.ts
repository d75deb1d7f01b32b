import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { Arguments, SyntaxRefusal } from "./arguments.ts";
import { COMMANDS, type CommandSpec } from "./commands/table.ts";
import { bytesOf, wireText } from "./formats.ts";
import type { MailStore } from "./mail-store.ts";
import { Refusal } from "./refusal.ts";
import type { SelectedView } from "./selected-view.ts";
import type { HookContext, Instead, ServerState, ServerUser, Verdict } from "./server-state.ts";
import { type CommandParts, WireReader } from "./wire-reader.ts";

/** One client's connection from greeting to goodbye. */
export class Session {
  readonly server: ServerState;
  readonly id: number;
  readonly reader = new WireReader();
  socket: Socket;
  user: ServerUser | null = null;
  view: SelectedView | null = null;
  /** Capabilities switched on by ENABLE, or by a command that implies it. */
  readonly enabled = new Set<string>();
  /** What the client said with ID. */
  clientId: Record<string, string | null> | null = null;
  /** Bytes that may still go out before the connection is cut. */
  #budget = Number.POSITIVE_INFINITY;
  #closing = false;

  constructor(server: ServerState, socket: Socket, id: number) {
    this.server = server;
    this.socket = socket;
    this.id = id;
    this.reader.attach(socket);
  }

  get store(): MailStore {
    if (this.user === null) throw new Refusal("Log in first");
    return this.user.store;
  }

  get secure(): boolean {
    return this.socket instanceof TLSSocket;
  }

  can(capability: string): boolean {
    const offered = [...this.server.capabilities, ...(this.server.personality?.beforeLogin ?? [])];
    return offered.some((one) => one.toUpperCase() === capability);
  }

  /** What CAPABILITY answers at this point of the dialogue. */
  capabilities(): string {
    const before = this.user === null ? this.server.personality?.beforeLogin : undefined;
    const offered = (before ?? this.server.capabilities).filter((name) => {
      if (name.toUpperCase() === "STARTTLS") return !this.secure && this.user === null && this.server.tls !== null;
      return this.user === null || !/^(AUTH=|SASL-IR|LOGINDISABLED)/i.test(name);
    });
    return `CAPABILITY ${offered.join(" ")}`;
  }

  /** Writes one untagged line; the text stands for bytes. */
  untagged(line: string): void {
    this.write(bytesOf(`${line}\r\n`));
  }

  write(bytes: Buffer): void {
    const allowed = bytes.subarray(0, Math.min(bytes.length, this.#budget));
    this.#budget -= allowed.length;
    if (allowed.length > 0 && this.socket.writable) this.socket.write(allowed);
  }

  /** Tells the client what changed in its mailbox. */
  tellNews(mayExpunge: boolean): void {
    const style = { modseq: this.enabled.has("CONDSTORE"), qresync: this.enabled.has("QRESYNC") };
    for (const line of this.view?.news(style, mayExpunge) ?? []) this.untagged(line);
  }

  async serve(): Promise<void> {
    const verdict = this.server.hooks.onConnect?.(this.id);
    if (verdict === "drop") return this.drop();
    if (verdict === "hang") return this.#hang();
    const greeting = verdict?.greeting ?? this.server.personality?.greeting ?? `OK [${this.capabilities()}] Satchel test server ready`;
    this.untagged(`* ${wireText(greeting)}`);
    if (/^BYE\b/i.test(greeting)) this.close();
    while (!this.#closing) {
      const parts = await this.reader.command(() => this.untagged("+ OK"));
      if (parts === null) break;
      await this.#run(parts);
    }
    this.socket.end();
  }

  /** The session ends after the current command. */
  close(): void {
    this.#closing = true;
  }

  /** Cut off without a word, as when the line dies. */
  drop(): void {
    this.#closing = true;
    this.socket.destroy();
  }

  async #run(parts: CommandParts): Promise<void> {
    const from = new Arguments(parts);
    const tag = from.match(/[^(){ "%*\\+\r\n]+/);
    if (tag === null || !from.take(" ")) {
      this.untagged("* BAD What was that?");
      return;
    }
    let name = (from.match(/[A-Za-z0-9.]+/) ?? "").toUpperCase();
    const uid = name === "UID";
    if (uid) {
      from.take(" ");
      name = (from.match(/[A-Za-z]+/) ?? "").toUpperCase();
    }
    const full = uid ? `UID ${name}` : name;
    const verdict = await this.#askHook(full, tag, parts);
    if (verdict === "drop") this.drop();
    else if (verdict === "hang") await this.#hang();
    else if (typeof verdict === "object" && !("cutAfter" in verdict)) this.#answerInstead(tag, verdict);
    else {
      const cut = verdict === "drop-after" ? 0 : verdict?.cutAfter;
      this.#budget = cut ?? Number.POSITIVE_INFINITY;
      await this.#execute(tag, full, COMMANDS[full], from);
      // What was let through must still arrive.
      if (cut !== undefined) await new Promise<void>((resolve) => this.socket.end(() => resolve())).then(() => this.drop());
    }
  }

  async #askHook(name: string, tag: string, parts: CommandParts): Promise<Verdict> {
    const line = parts.map((part) => (typeof part === "string" ? part : `{${part.length}}`)).join("");
    const context: HookContext = {
      session: this.id,
      user: this.user?.address ?? null,
      folder: this.view === null ? null : this.server.folderName(this.store, this.view.mailbox),
      clientId: this.clientId,
      tag,
      literals: parts.filter((part) => Buffer.isBuffer(part)),
    };
    this.server.record({ session: this.id, name, line: withoutSecrets(name, line) });
    const verdict = await this.server.hooks.onCommand?.({ name, line }, context);
    return verdict ?? this.server.personality?.onCommand?.({ name, line }, context);
  }

  #hang(): Promise<void> {
    return new Promise((resolve) => this.socket.once("close", () => resolve()));
  }

  #answerInstead(tag: string, verdict: Instead): void {
    if ("raw" in verdict) {
      const raw = typeof verdict.raw === "string" ? wireText(verdict.raw.replaceAll("{tag}", tag)) : verdict.raw.toString("latin1");
      this.write(bytesOf(raw));
      return;
    }
    const [status, text] = "no" in verdict ? ["NO", verdict.no] : ["BAD", verdict.bad];
    this.untagged(`${tag} ${status} ${wireText(text)}`);
  }

  async #execute(tag: string, name: string, command: CommandSpec | undefined, from: Arguments): Promise<void> {
    try {
      if (command === undefined || (command.needs !== undefined && !this.can(command.needs)))
        throw new SyntaxRefusal(`unknown command ${name}`);
      this.#checkState(command);
      const said = await command.run(this, from, { tag, uid: name.startsWith("UID ") });
      if (command.news !== "none") this.tellNews(command.news === "all");
      this.untagged(`${tag} OK ${said ?? "Done"}`);
      await command.after?.(this);
    } catch (error) {
      if (error instanceof SyntaxRefusal) this.untagged(`${tag} BAD ${error.message}`);
      else if (error instanceof Refusal) {
        this.tellNews(false);
        this.untagged(`${tag} NO ${error.message}`);
      } else throw error;
    }
  }

  #checkState({ state }: CommandSpec): void {
    if (state === "greeted" && this.user !== null) throw new SyntaxRefusal("already logged in");
    if ((state === "user" || state === "selected") && this.user === null) throw new SyntaxRefusal("log in first");
    if (state === "selected" && this.view === null) throw new SyntaxRefusal("select a mailbox first");
  }
}

function withoutSecrets(name: string, line: string): string {
  return name === "LOGIN" || name === "AUTHENTICATE" ? line.split(" ").slice(0, 3).join(" ") : line;
}
