import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openEngine } from "../../main/engine/open.ts";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import { createLog } from "../../main/log.ts";
import type { AccountSettings, ProxySettings } from "../../shared/contract/accounts.ts";
import type { AccountHealth } from "../../shared/contract/health.ts";
import type { SignInState } from "../../shared/contract/sign-in.ts";
import type { AccountId } from "../../shared/ids.ts";
import type { AuthorizationServer } from "../servers/authorization.ts";
import { Line } from "./line.ts";
import { testPlatform } from "./test-platform.ts";

const LOOK_MS = 50;

/** The real engine with sign-in in the browser: an authorization server is configured, and the test is the browser. */
export class SignedInEngine {
  readonly line: Line;
  readonly profileDir: string;
  /** Everything that the engine wrote to its log. */
  readonly log: string[];
  readonly #server: AuthorizationServer;

  private constructor(line: Line, profileDir: string, log: string[], server: AuthorizationServer) {
    this.line = line;
    this.profileDir = profileDir;
    this.log = log;
    this.#server = server;
  }

  static async start(server: AuthorizationServer): Promise<SignedInEngine> {
    const profileDir = mkdtempSync(join(tmpdir(), "satchel-signed-in-"));
    const platform = testPlatform({
      secrets: new KeySecrets(profileDir, join(profileDir, "keys")),
      oauthClients: JSON.stringify([server.configuration()]),
    });
    const lines: string[] = [];
    const log = createLog({ sinks: [(line) => void lines.push(line)], level: "debug", clock: Date.now });
    const engine = await openEngine({ profileDir, platform, log, recentLog: () => "", restarts: 0 });
    onTestFinished(async () => {
      await engine.close();
      rmSync(profileDir, { recursive: true, force: true });
    });
    const [mine, theirs] = inProcessPorts();
    engine.serve(theirs);
    const line = new Line(mine);
    await line.ask("accounts.createVault", { passphrase: null });
    return new SignedInEngine(line, profileDir, lines, server);
  }

  /** The way through the browser, for an address; `as`: whom the user chooses there. */
  async signIn(
    address: string,
    as = address,
    way: { proxy?: ProxySettings; proxyPassword?: string } = {},
  ): Promise<{ signInId: string; state: SignInState }> {
    const { provider } = await this.line.ask("signIn.provider", { address, host: "127.0.0.1" });
    const { signInId } = await this.line.ask("signIn.begin", { address, provider: provider?.key ?? "", ...way });
    const { url } = await this.line.ask("signIn.state", { signInId });
    await fetch(await this.#server.choose(url ?? "", { address: as }));
    const state = await this.until(async () => {
      const now = await this.line.ask("signIn.state", { signInId });
      return now.state === "waiting" || now.state === "checking" ? null : now;
    });
    return { signInId, state };
  }

  /** Signs in and adds the account. */
  async add(address: string, settings: AccountSettings): Promise<AccountId> {
    const { signInId } = await this.signIn(address);
    const input = { address, accountName: "", personName: "", settings, credential: { kind: "browser", signInId } as const };
    return (await this.line.ask("accounts.add", input)).accountId;
  }

  /** The last lines of the log, without the questions of whoever waits. */
  #toldLately(): string {
    return this.log
      .filter((line) => !line.includes('"method":"health.status"'))
      .slice(-20)
      .join("\n");
  }

  /** Asks again until there is an answer. */
  async until<T>(look: () => Promise<T | null>, patienceMs = 25_000): Promise<T> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const found = await look();
      if (found !== null) return found;
      if (Date.now() > end) throw new Error(`never came about:\n${this.#toldLately()}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Waits until the account is so. */
  health(holds: (health: AccountHealth) => boolean): Promise<AccountHealth> {
    return this.until(async () => {
      const [account] = (await this.line.ask("health.status", {})).accounts;
      return account !== undefined && holds(account) ? account : null;
    });
  }
}
