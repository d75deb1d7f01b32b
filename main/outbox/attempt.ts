import type { ServerSettings } from "../../shared/contract/accounts.ts";
import { asFailure, type Failure, type FailureData } from "../../shared/failure.ts";
import type { OutboxId } from "../../shared/ids.ts";
import { type AttemptOutcome, holdsUntil, type Item, remaining } from "../plan/outbox-item.ts";
import { afterAttempt, beginFinishing } from "../plan/sending.ts";
import { asFurther, serverFailed } from "../plan/ways.ts";
import type { SmtpSession } from "../smtp/session.ts";
import type { StoredItem } from "../store/outbox.ts";
import { type FrozenBytes, openFrozenBytes } from "./frozen-bytes.ts";
import type { Gate } from "./gate.ts";
import type { Items } from "./items.ts";
import { noticeOf } from "./notice-of.ts";
import type { OutboxOptions } from "./options.ts";
import { tellAccepted } from "./tell-accepted.ts";

const COMMIT_AGAIN_MS = 2000;

/** Replies that a server gives to a connection it has had enough of, not to the message. */
const TIRED = new Set(["line-closed", "server-unavailable", "too-many-connections"]);

type Stage = Parameters<Items["progress"]>[1];

export type Attempt = {
  /** What came of it is on disk when this resolves. */
  writeDown(): Promise<StoredItem | null>;
  readonly accepted: boolean;
  /** Why the further server that it went over carries nothing for this sender; null when it does. */
  readonly aside: FailureData | null;
};

/** One dialogue for one message, and what it leaves behind. */
export class Attempts {
  readonly #items: Items;
  readonly #o: OutboxOptions;

  constructor(items: Items, options: OutboxOptions) {
    this.#items = items;
    this.#o = options;
  }

  /**
   * @param served messages that this connection carried before
   * @param last no other server takes over
   * @param further of one that stands in for the account's own; null for that
   */
  async run(
    session: SmtpSession,
    item: StoredItem,
    { gate, served, last, further }: { gate: Gate; served: number; last: boolean; further: ServerSettings | null },
    signal: AbortSignal | undefined,
  ): Promise<Attempt> {
    let bytes: FrozenBytes;
    try {
      bytes = await openFrozenBytes(this.#o.profileDir, item.rawHash, item.sizeBytes);
    } catch (error) {
      return { writeDown: () => this.#hold(item, asFailure(error)), accepted: false, aside: null };
    }
    let reached: "recipients" | "later" = "recipients";
    let trouble: Failure | null = null;
    let outcome: AttemptOutcome;
    let stage: Stage = "signed-in";
    const now = this.#o.clock();
    const holdAt = holdsUntil(item, now);
    this.#items.commits.lineBegins();
    try {
      outcome = await session.send(
        {
          from: item.fromAddress,
          to: remaining(item),
          source: bytes,
          hold: holdAt === null ? undefined : { at: holdAt, now },
          requireTls: item.requireTls,
          reportId: item.report === null ? undefined : item.messageIdHeader,
        },
        {
          onStage: (now, turnedAway) => {
            stage = now;
            if (now !== "recipients") reached = "later";
            this.#items.progress(item.id, now, now === "finishing" || now === "answered" ? item.sizeBytes : 0, turnedAway);
          },
          onBytes: (sent) => this.#items.progress(item.id, stage, sent),
          release: async (turnedAway) => {
            try {
              const at = this.#o.clock();
              const patch = { stage: "finishing", finishingAt: at } as const;
              const ready = await this.#items.release(
                item.id,
                (now) =>
                  now.state === "sending" ? beginFinishing(now, turnedAway, session.capabilities.deliveryReports, holdAt !== null) : null,
                patch,
              );
              if (!ready) throw asFailure(new Error("it was taken back"));
            } catch (error) {
              trouble = asFailure(error);
              throw error;
            }
          },
          ...(signal ? { signal } : {}),
        },
      );
    } finally {
      this.#items.commits.lineEnds();
      await bytes.close();
    }
    if (trouble !== null) outcome = { ...outcome, failure: (trouble as Failure).data() };
    const heard = further === null ? { outcome, aside: null } : asFurther(outcome, { ...further, from: item.fromAddress });
    outcome = heard.outcome;
    const tired = served > 0 && reached === "recipients" && outcome.verdict === "retryable" && TIRED.has(outcome.failure?.code ?? "");
    // A line that was closed while it lay idle is no limit; a word of the server is.
    if (tired && outcome.failure?.serverWords !== undefined) gate.tired(served);
    if (tired) session.close();
    else if (!last && outcome.failure !== null && serverFailed(outcome)) {
      gate.unreached(outcome.failure, 0);
      outcome = { ...outcome, goesElsewhere: true };
    } else learn(gate, outcome);
    return {
      writeDown: () => (tired ? this.#again(item.id) : this.#tell(item, outcome, gate, stage)),
      accepted: outcome.verdict === "answered",
      aside: heard.aside,
    };
  }

  /** The server had enough of this connection before it heard of the message: a new one, and no attempt counted. */
  #again(id: OutboxId): Promise<StoredItem | null> {
    return this.settle(id, (now) => ({ ...now, state: "queued", nextTryAt: null }));
  }

  /** Its bytes are not what was frozen: it goes nowhere. */
  async #hold(item: StoredItem, failure: Failure): Promise<StoredItem | null> {
    const held = await this.settle(item.id, (now) => ({ ...now, state: "held", failure: failure.data(), nextTryAt: null }));
    noticeOf(this.#o, item, "message-held", failure.data());
    return held;
  }

  async #tell(item: StoredItem, outcome: AttemptOutcome, gate: Gate, stage: Stage): Promise<StoredItem | null> {
    const took = outcome.recipients.some(({ state }) => state === "accepted");
    const after = await this.settle(
      item.id,
      (now) => afterAttempt(now, outcome, this.#o.clock(), this.#o.random()),
      stage,
      took ? gate : undefined,
    );
    this.#o.log.info("outbox.attempt", { item: item.id, verdict: outcome.verdict, code: outcome.failure?.code, state: after?.state });
    if (!after) return null;
    if (item.acceptedAt === null && after.acceptedAt !== null) tellAccepted(this.#o, after);
    if (outcome.verdict === "kept-here") noticeOf(this.#o, item, "kept-here", null, { at: item.sendAt ?? 0 });
    // Sent is not looked at before its moment: the user may know sooner.
    if (after.state === "unknown" && after.hold === "asked") noticeOf(this.#o, item, "message-unknown", after.failure);
    if (after.state === "held") noticeOf(this.#o, item, "message-held", after.failure);
    return after;
  }

  /** What came of it, on disk. While the disk refuses, it is asked again: an acceptance must not be forgotten. */
  async settle(id: OutboxId, change: (item: StoredItem) => Item, stage?: Stage, acceptedBy?: Gate): Promise<StoredItem | null> {
    const busy = (item: StoredItem): Item | null => (item.state === "sending" || item.state === "finishing" ? change(item) : null);
    const patch = stage ? { stage, finishingAt: null } : {};
    const extra = acceptedBy
      ? { also: (tx: Parameters<Gate["accepted"]>[0], { sizeBytes }: StoredItem) => acceptedBy.accepted(tx, sizeBytes) }
      : {};
    for (;;) {
      try {
        return await this.#items.change(id, busy, patch, extra);
      } catch (error) {
        this.#o.log.error("outbox.outcome-not-kept", error, { item: id });
        if (asFailure(error).kind !== "storage") throw error;
        await new Promise<void>((resolve) => void this.#o.timers.after(COMMIT_AGAIN_MS, resolve));
      }
    }
  }
}

function learn(gate: Gate, { verdict, failure, aboutSender }: AttemptOutcome): void {
  if (verdict !== "retryable" || failure?.kind !== "throttled" || failure.code === "greylisted") return;
  gate.refused({ code: failure.code, words: failure.serverWords ?? "", ofSender: aboutSender === true });
}

/** Failures after which nothing of the account can be sent until the user has done something; null when it was none. */
export function stoppedBy(after: StoredItem | null, stops: (failure: FailureData) => boolean): FailureData | null {
  return after?.state === "held" && after.failure !== null && stops(after.failure) ? after.failure : null;
}
