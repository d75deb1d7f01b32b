import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { z } from "zod";
import type { Looked } from "../../shared/contract/accounts.ts";
import type { ListedServer } from "../plan/listed-servers.ts";
import { parseAutoconfig } from "./autoconfig-xml.ts";
import type { FetchConfig } from "./fetch-config.ts";

const LIST_HOST = "autoconfig.thunderbird.net";
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
const MOST_KEPT = 300;

const listedServer = z.object({
  protocol: z.string().max(20),
  host: z.string().max(500),
  port: z.string().max(10),
  socket: z.string().max(20),
  user: z.string().max(500),
  authentication: z.array(z.string().max(500)).max(100),
});
const fileSchema = z.record(z.string().max(253), z.object({ at: z.number(), servers: z.array(listedServer).max(20) }));
type Kept = Readonly<Record<string, { readonly at: number; readonly servers: readonly ListedServer[] }>>;

/**
 * Thunderbird's provider list as it stands today, a domain at a time, where the user has chosen that it is asked. What it said is kept in the profile for 30
 * days, so that it hears of a domain once. A file that is damaged or too large begins anew.
 */
export class ProviderAnswers {
  readonly #file: string;
  readonly #fetch: FetchConfig;
  readonly #clock: () => number;

  /** @param clock ms UTC */
  constructor(file: string, fetch: FetchConfig, clock: () => number) {
    this.#file = file;
    this.#fetch = fetch;
    this.#clock = clock;
  }

  async ask(domain: string, signal: AbortSignal): Promise<{ servers: readonly ListedServer[]; looked: Looked }> {
    const told = (outcome: Looked["outcome"], servers: readonly ListedServer[] = []) => ({
      servers,
      looked: { source: "online", host: LIST_HOST, outcome } as const,
    });
    const kept = this.#read();
    const known = kept[domain];
    if (known !== undefined && this.#clock() - known.at < KEPT_MS) return told(known.servers.length > 0 ? "found" : "none", known.servers);
    const fetched = await this.#fetch(`https://${LIST_HOST}/v1.1/${encodeURIComponent(domain)}`, signal);
    if (fetched.kind !== "found" && fetched.kind !== "none") return told(fetched.kind);
    const servers = fetched.kind === "found" ? parseAutoconfig(fetched.bytes) : [];
    if (servers === null) return told("unreadable");
    await this.#keep({ ...kept, [domain]: { at: this.#clock(), servers } });
    return told(servers.length > 0 ? "found" : "none", servers);
  }

  #read(): Kept {
    try {
      return fileSchema.parse(JSON.parse(readFileSync(this.#file, "utf8")));
    } catch {
      return {};
    }
  }

  async #keep(kept: Kept): Promise<void> {
    const newest = Object.entries(kept)
      .toSorted(([, a], [, b]) => b.at - a.at)
      .slice(0, MOST_KEPT);
    // Whatever does not get written is asked for again.
    await writeFile(this.#file, JSON.stringify(Object.fromEntries(newest)), { mode: 0o600 }).catch(() => undefined);
  }
}
