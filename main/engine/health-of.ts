import type { Notice } from "../../shared/contract/health.ts";
import type { AccountId } from "../../shared/ids.ts";
import type { ServeWatch } from "../api/serve.ts";
import type { Health } from "../health/health.ts";
import { Rounds } from "../health/rounds.ts";
import { Tally } from "../health/tally.ts";
import { Traces } from "../health/traces.ts";
import type { Log } from "../log.ts";
import type { Outbox } from "../outbox/outbox.ts";
import { pulseName } from "../pulse.ts";
import { readAccount } from "../store/accounts.ts";
import type { Store } from "../store/open.ts";
import type { FinishedRound } from "../sync/round-watch.ts";
import type { AccountNews } from "../sync/running-account.ts";
import type { Timers } from "../sync/timers.ts";
import type { Platform } from "./platform.ts";
import type { Accounts } from "./running-accounts.ts";

type Needs = {
  readonly store: Store;
  readonly profileDir: string;
  readonly platform: Pick<Platform, "version" | "host" | "system">;
  readonly log: Log;
  readonly timers: Timers;
  readonly accounts: () => Accounts;
  readonly outbox: () => Outbox;
  readonly workOffline: () => boolean;
  readonly notice: (code: Notice["code"], params: Notice["params"]) => void;
  readonly recentLog: () => string;
  /** When what no list needs may begin. */
  readonly drawn: Promise<void>;
};

/** What is counted from the start, and what looks at it, which is loaded when the first list stands. */
export class HealthOf {
  readonly watch: ServeWatch;
  readonly #needs: Needs;
  readonly #tally: Tally;
  readonly #traces: Traces;
  readonly #rounds: Rounds;
  #starting: Promise<Health> | null = null;
  #running: Health | null = null;
  #closed = false;

  constructor(needs: Needs) {
    this.#needs = needs;
    const { store, log, drawn, outbox } = needs;
    // Before any thread is started that is to answer on it.
    pulseName();
    this.#tally = new Tally(store.clock);
    this.#traces = new Traces({ db: store.db, clock: store.clock, log, outbox: (id) => outbox().timeline(id).events });
    this.#rounds = new Rounds(store);
    this.watch = {
      asked: (correlation, method, clickedAt) => {
        this.#running?.stir();
        this.#traces.asked(correlation, method, clickedAt);
      },
      answered: (correlation, method, tookMs, output) => {
        if (!METHODS_THAT_LAST.has(method)) this.#tally.answered(tookMs);
        this.#traces.answered(correlation, output);
      },
      failed: (correlation, failure) => this.#traces.failed(correlation, failure),
    };
    void drawn.then(() => {
      if (!this.#closed) this.get().catch((error: unknown) => log.error("health.not-started", error));
    });
  }

  readonly get = (): Promise<Health> => {
    this.#starting ??= this.#start();
    return this.#starting;
  };

  /** For one account's news. */
  news(account: AccountId): (news: AccountNews) => void {
    return (news) => {
      if (news.kind === "round") this.#roundEnded(account, news.round);
      else if (news.kind === "sent" || news.kind === "answered") this.#traces.server(news.kind, news.operations, news.step, news.code);
      else this.#tally.happened(account, news.kind);
    };
  }

  #roundEnded(account: AccountId, { failure, ...round }: FinishedRound): void {
    const { log } = this.#needs;
    const ended = this.#rounds.ended(account, { ...round, failure: failure?.data() ?? null });
    if (!ended.slow) return;
    const { tookMs, culprit, usual } = ended;
    log.info("sync.slow", { account, tookMs, usualMs: usual?.tookMs ?? null, stage: culprit, stageMs: ended.stages[culprit ?? "other"] });
  }

  woke(): void {
    this.#running?.woke();
  }

  /** For a problem report; the log alone where the rest cannot be had. */
  async report(): Promise<string> {
    const { platform, accounts, store, recentLog, log } = this.#needs;
    try {
      const [{ healthReport }, health] = await Promise.all([import("../health/report.ts"), this.get()]);
      return healthReport({
        ...platform,
        vitals: await health.vitals(),
        history: await health.history(),
        rounds: health
          .rounds(null, true)
          .filter(({ slow, outcome }) => slow || outcome === "failed")
          .slice(0, ROUNDS_REPORTED),
        accounts: accounts()
          .health()
          .map((one) => {
            const account = readAccount(store, one.accountId);
            return { ...one, protocol: account?.settings.protocol ?? "", provider: account?.provider ?? null };
          }),
        log: recentLog(),
      });
    } catch (error) {
      log.error("health.not-reported", error);
      return recentLog();
    }
  }

  /** While accounts can still be asked. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running?.close();
  }

  async #start(): Promise<Health> {
    const { Health } = await import("../health/health.ts");
    const { store, accounts, outbox } = this.#needs;
    const health = new Health({
      ...this.#needs,
      tally: this.#tally,
      traces: this.#traces,
      rounds: this.#rounds,
      accounts: () => accounts().health(),
      nameOf: (id) => readAccount(store, id)?.name ?? "",
      leaving: () => leaving(outbox()),
      onChange: () => store.changes.healthChanged(),
    });
    if (this.#closed) await health.close();
    this.#running = health;
    return health;
  }
}

const ROUNDS_REPORTED = 10;
/** They wait for people, or for as long as they were told to. */
const METHODS_THAT_LAST: ReadonlySet<string> = new Set([
  "health.record",
  "mail.saveParts",
  "accounts.openDemo",
  "lock.unlock",
  "lock.set",
  "tell.show",
]);

/** What goes by itself, and since when it should have gone. */
function leaving(outbox: Outbox): { accountId: AccountId; dueAt: number }[] {
  const { items, paused } = outbox.list();
  if (paused) return [];
  return items
    .filter(({ state }) => state === "queued" || state === "sending" || state === "finishing")
    .map(({ accountId, createdAt, undoUntil, sendAt }) => ({ accountId, dueAt: Math.max(createdAt, undoUntil, sendAt ?? 0) }));
}
