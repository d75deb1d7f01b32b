import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import WebSocket from "ws";
import type { EventName, EventOf, InputOf, OutputOf, RequestName } from "../../shared/contract/table.ts";
import { Failure, type FailureData } from "../../shared/failure.ts";
import { buildWindow } from "./browser-build.ts";

const BUNDLE = fileURLToPath(new URL("../../out/main/loopback.js", import.meta.url));

export type HostOptions = {
  readonly profile: string;
  readonly args?: readonly string[];
  /** PEM of an authority to trust, as a company's would be. */
  readonly ca?: string;
  /** Another entry than the bundle's, which starts in half the time of the source. */
  readonly entry?: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** The loopback host as a process of its own, spoken to as its window would. */
export class HostProcess {
  readonly child: ChildProcess;
  /** Opens the window; good for one visit. */
  readonly address: string;
  readonly #errors: string[];

  private constructor(child: ChildProcess, address: string, errors: string[]) {
    this.child = child;
    this.address = address;
    this.#errors = errors;
  }

  static async start({ profile, args = [], ca, entry = BUNDLE, env = {} }: HostOptions): Promise<HostProcess> {
    if (entry === BUNDLE) await buildWindow();
    const child = spawn(process.execPath, [entry, "--no-window", "--profile", profile, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env, ...(ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: ca }) },
    });
    const errors: string[] = [];
    child.stderr.on("data", (data: Buffer) => errors.push(data.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      const found = /^(http:\/\/127\.0\.0\.1:\S+)$/u.exec(line);
      if (found?.[1] !== undefined) return new HostProcess(child, found[1], errors);
    }
    throw new Error(`the host ended before it served:\n${errors.join("")}`);
  }

  /** What it wrote to standard error: nothing, if all is well. */
  errors(): string {
    return this.#errors.join("");
  }

  /** A line as the window has it: the token is redeemed for a cookie first. */
  async connect(): Promise<HostLine> {
    const url = new URL(this.address);
    const answer = await fetch(url, { redirect: "manual" });
    const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    await answer.body?.cancel();
    const socket = new WebSocket(`ws://${url.host}/port`, { origin: url.origin, headers: { cookie } });
    await once(socket, "open");
    return new HostLine(socket);
  }

  /** Peak resident size of the process, all threads, in MB. Linux only. */
  peakMemoryMb(): number {
    return peakMemoryMb(this.child.pid ?? 0);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill(signal);
    await ended;
  }
}

type Told = { event: EventName; data: unknown };

/** One window's line to the engine. */
export class HostLine {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve: (output: unknown) => void; reject: (failure: unknown) => void }>();
  readonly #listeners = new Set<(told: Told) => void>();
  #lastId = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => this.#take(JSON.parse(data.toString())));
    socket.on("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the line closed"));
      this.#waiting.clear();
    });
    socket.on("error", () => undefined);
  }

  request<N extends RequestName>(method: N, input: InputOf<N>): Promise<OutputOf<N>> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (output) => resolve(output as OutputOf<N>), reject });
      this.#socket.send(JSON.stringify({ id, method, input, correlation: `test-${id}` }));
    });
  }

  /** Asks again whenever the engine tells of a change, until `reached` says so. */
  async until<N extends RequestName>(
    method: N,
    input: InputOf<N>,
    reached: (output: OutputOf<N>) => boolean,
    withinMs = 30_000,
  ): Promise<OutputOf<N>> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const told = this.#nextEvent(Math.min(1000, Math.max(1, deadline - Date.now())));
      const output = await this.request(method, input);
      if (reached(output)) return output;
      if (Date.now() > deadline) throw new Error(`${method} did not come to what was expected: ${JSON.stringify(output).slice(0, 1500)}`);
      await told;
    }
  }

  onEvent<N extends EventName>(name: N, listener: (data: EventOf<N>) => void): void {
    this.#listeners.add((told) => {
      if (told.event === name) listener(told.data as EventOf<N>);
    });
  }

  close(): void {
    this.#socket.close();
  }

  #nextEvent(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      this.#listeners.add(done);
    });
  }

  #take(message: { id?: number; output?: unknown; failure?: FailureData; event?: EventName; data?: unknown }): void {
    if (message.event !== undefined) {
      for (const listener of this.#listeners) listener({ event: message.event, data: message.data });
      return;
    }
    const waiting = this.#waiting.get(message.id ?? 0);
    this.#waiting.delete(message.id ?? 0);
    if (message.failure === undefined) waiting?.resolve(message.output);
    else waiting?.reject(Failure.from(message.failure));
  }
}

/** Adds an account on the loopback servers of a test, with a vault if there is none yet. */
export async function addAccount(
  line: HostLine,
  account: { address: string; password: string; imap: number; smtp: number },
): Promise<OutputOf<"accounts.add">["accountId"]> {
  const { vault } = await line.request("accounts.list", {});
  if (vault.kind === "none") await line.request("accounts.createVault", { passphrase: null });
  const { accountId } = await line.request("accounts.add", {
    address: account.address,
    accountName: account.address,
    personName: "",
    settings: {
      protocol: "imap",
      incoming: { host: "127.0.0.1", port: account.imap, security: "plain", user: account.address },
      outgoing: { host: "127.0.0.1", port: account.smtp, security: "plain", user: account.address },
    },
    credential: { kind: "password", password: account.password },
  });
  return accountId;
}

/** Peak resident size of a process so far, all threads, in MB. Linux only. */
export function peakMemoryMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/u.exec(status)?.[1] ?? 0) / 1024;
}
