import type { Address } from "../../shared/address.ts";
import type { DirectorySettings } from "../../shared/contract/directory.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { Log } from "../log.ts";
import type { Via } from "../plan/proxy.ts";
import { askDirectory } from "./ldap.ts";

const FIND_MS = 3000;
const TEST_MS = 10_000;
const MOST_PEOPLE = 20;
const LEAST_CHARACTERS = 2;
/** People do not change while a message is addressed. */
const KEPT_MS = 60_000;
const MOST_KEPT = 50;
/** A directory that could not be asked is not asked again for each letter. */
const REST_MS = 15_000;

export type DirectoryParts = {
  readonly settings: () => DirectorySettings | null;
  /** Of whoever signs in; null where there is none. */
  readonly password: () => Promise<string | null>;
  readonly mayAsk: () => boolean;
  readonly via: () => Via | undefined;
  readonly clock: () => number;
  readonly log: Log;
  readonly ca?: string | undefined;
};

export type Found = { readonly people: readonly Address[]; readonly failure: Failure | null };
const NOBODY: Found = { people: [], failure: null };

/** The organisation's address book, asked while somebody types. */
export class Directory {
  readonly #parts: DirectoryParts;
  readonly #kept = new Map<string, { readonly at: number; readonly people: readonly Address[] }>();
  #asking: AbortController | null = null;
  #rest: { readonly of: string; readonly until: number; readonly failure: Failure } | null = null;

  constructor(parts: DirectoryParts) {
    this.#parts = parts;
  }

  /** What was asked before and is not answered yet is given up. Never rejects: nobody found is what the others' answers stand on. */
  async find(text: string): Promise<Found> {
    this.#asking?.abort();
    const settings = this.#parts.settings();
    const wanted = text.trim().replaceAll(/\s+/gu, " ").toLowerCase();
    if (settings === null || [...wanted].length < LEAST_CHARACTERS) return NOBODY;
    const of = JSON.stringify(settings);
    const key = `${of} ${wanted}`;
    const now = this.#parts.clock();
    const kept = this.#kept.get(key);
    if (kept !== undefined && now >= kept.at && now < kept.at + KEPT_MS) return { people: kept.people, failure: null };
    if (!this.#parts.mayAsk()) return { people: [], failure: new Failure("working-offline") };
    if (this.#rest?.of === of && now < this.#rest.until && now >= this.#rest.until - REST_MS)
      return { people: [], failure: this.#rest.failure };
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const password = settings.bindDn === null ? null : await this.#parts.password();
      const { via, ca } = this.#parts;
      const line = { settings, password, via: via(), ca, deadlineMs: FIND_MS, signal: asking.signal };
      const people = await askDirectory(line, wanted, MOST_PEOPLE);
      this.#keep(key, people);
      this.#rest = null;
      return { people, failure: null };
    } catch (error) {
      if (asking.signal.aborted) return NOBODY;
      const failure = asFailure(error);
      this.#parts.log.info("directory.not-asked", { code: failure.code });
      this.#rest = { of, until: this.#parts.clock() + REST_MS, failure };
      return { people: [], failure };
    }
  }

  /** Whether anybody can be found with settings that are not kept yet. @throws Failure */
  async test(settings: DirectorySettings, password: string | undefined): Promise<boolean> {
    if (!this.#parts.mayAsk()) throw new Failure("working-offline");
    const given = settings.bindDn === null ? null : (password ?? (await this.#parts.password()));
    const { via, ca } = this.#parts;
    const people = await askDirectory({ settings, password: given, via: via(), ca, deadlineMs: TEST_MS }, "", 1);
    return people.length > 0;
  }

  /** What was set is another directory, or has another password. */
  forget(): void {
    this.#asking?.abort();
    this.#kept.clear();
    this.#rest = null;
  }

  #keep(key: string, people: readonly Address[]): void {
    this.#kept.set(key, { at: this.#parts.clock(), people });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
