import type { CalendarEvent, ContactCard } from "../../shared/contract/calendar.ts";
import type { FailureData } from "../../shared/failure.ts";
import type { CharsetHints } from "../mime/charset-hints.ts";
import type { FileClue } from "../mime/file-clues.ts";
import type { FileLook } from "../mime/file-look.ts";
import type { IndexText } from "../mime/index-text.ts";
import type { ListFields } from "../mime/list-fields.ts";
import type { MessageHeader } from "../mime/message-header.ts";
import type { ArrivedSummary, HeardCharsets } from "../mime/parse-arrived.ts";
import type { PartSummary } from "../mime/part-list.ts";
import type { StrangeLink } from "../mime/sanitize.ts";
import type { TxtAnswer } from "../signed/answers.ts";
import type { Covered } from "../signed/covers.ts";
import type { Examined, serverWords } from "../signed/examine.ts";
import type { MemoryPlace } from "./message-memory.ts";

/** Which message: a blob of the store, what is here of one that is not, or a file of its own (a draft, an outbox item). */
export type MessagePlace = { readonly hash: string } | { readonly outline: string } | { readonly path: string };

/**
 * How an outline is to be judged: `parts` have to be found in it, by number and type, or it is none; null: it is the first bytes of its message.
 */
export type OutlineOf = { readonly parts: readonly { readonly number: string; readonly type: string }[] | null };

/**
 * An arrived message after its bytes were written: what the store takes in, and what the index would. `cut` is the part in which the first bytes of a
 * message end; "" for all else.
 */
export type Arrived = ReadAgain & { hash: string; sizeBytes: number; readAs: string | null; cut: string };

/** What the store and the index want of a message, and what it tells of its sender's charsets. */
export type ReadAgain = ArrivedSummary & { indexText: IndexText; heard: HeardCharsets };

/** What is known of charsets when mail arrives: the user's likely ones, and those chosen for senders, by address in lower case. */
export type ArrivalHints = { readonly likely: readonly string[]; readonly senders: ReadonlyMap<string, string> };

export type ReadOptions = {
  /** Address before a part number, for pictures of the message itself: "part/" makes "part/2.1". */
  readonly partPrefix: string;
  /** Address before a remote picture's own, percent-encoded; "" leaves it as it is; null leaves it out. */
  readonly remotePrefix: string | null;
  /** What folded quotations are called, in the window's language. */
  readonly quoteLabel: string;
  readonly hints: CharsetHints;
  /** A message that is attached to this one, to be read in its place: the number of its part. */
  readonly inside: string | null;
};

export type ReadResult = {
  readonly header: MessageHeader;
  readonly text: string;
  /** Sanitised, for `wrapDocument`; null when the message has no HTML. */
  readonly html: string | null;
  /** `inline` ones are shown in the text or are for machines. */
  readonly parts: readonly PartSummary[];
  readonly remoteHosts: readonly string[];
  readonly ownColours: boolean;
  readonly lang: string;
  readonly sentZone: number | null;
  /** How to leave the list that it came over. */
  readonly list: ListFields | null;
  /** What may tell a deception. */
  readonly clues: { readonly bulk: boolean; readonly links: readonly StrangeLink[]; readonly files: readonly FileClue[] };
};

/** `read` lacks whatever comes later; null when the first bytes do not tell what to show. */
export type FrontResult = { readonly read: ReadResult | null };

/** What a reply or a forward quotes: HTML sanitised but unfolded, with `cid:` and remote addresses as they stood. */
export type Quotable = {
  readonly header: MessageHeader;
  readonly text: string;
  readonly html: string | null;
  readonly parts: readonly PartSummary[];
  readonly cids: ReadonlyMap<string, string>;
  readonly lang: string;
};

export type PartResult = { readonly bytes: Uint8Array; readonly type: string; readonly name: string };
/** How a part can be looked at, and what is known of what opening it could do. */
export type LookResult = FileClue & { readonly look: FileLook };
export type SourceResult = { readonly text: string; readonly truncated: boolean; readonly sizeBytes: number };

/** Calendars and contact cards of a message; `cards` in all. */
export type CalendarResult = { readonly events: CalendarEvent[]; readonly contacts: ContactCard[]; readonly cards: number };

/** What servers on the way wrote, and what the message itself says for its sender or has to ask DNS for. */
export type VouchResult = ReturnType<typeof serverWords> & { readonly examined: Examined };

/** How to leave a message's list, and whether a signature covers that. */
export type ListResult = { readonly list: ListFields | null; readonly covered: Covered };

export type Job =
  /** `parse` is off for the one that killed a worker: its bytes are kept, nothing else is tried. */
  | {
      readonly kind: "arrive";
      readonly bytes: Uint8Array | MemoryPlace;
      readonly durable: boolean;
      readonly parse: boolean;
      /** They are not the message, but what is fetched of a large one. */
      readonly outline: OutlineOf | null;
    }
  | { readonly kind: "read"; readonly place: MessagePlace; readonly options: ReadOptions }
  /** The same of the message's first bytes alone, where these hold words that can be shown. */
  | { readonly kind: "front"; readonly hash: string; readonly options: ReadOptions }
  | { readonly kind: "quotable"; readonly place: MessagePlace }
  | { readonly kind: "again"; readonly place: MessagePlace; readonly hints: CharsetHints }
  | { readonly kind: "part"; readonly place: MessagePlace; readonly part: string; readonly hints: CharsetHints }
  | { readonly kind: "look"; readonly place: MessagePlace; readonly part: string; readonly hints: CharsetHints }
  | { readonly kind: "source"; readonly place: MessagePlace; readonly limit: number }
  | {
      readonly kind: "vouch";
      readonly place: MessagePlace;
      readonly arrivedAt: number;
      readonly answers: Readonly<Record<string, TxtAnswer>>;
    }
  | {
      readonly kind: "list";
      readonly place: MessagePlace;
      readonly arrivedAt: number;
      readonly answers: Readonly<Record<string, TxtAnswer>>;
    }
  | { readonly kind: "calendars"; readonly place: MessagePlace; readonly inside: string | null; readonly hints: CharsetHints }
  | { readonly kind: "warm" };

export type JobResult = {
  warm: Record<never, never>;
  arrive: Arrived;
  read: ReadResult;
  front: FrontResult;
  quotable: Quotable;
  again: ReadAgain;
  part: PartResult;
  look: LookResult;
  source: SourceResult;
  vouch: VouchResult;
  list: ListResult;
  calendars: CalendarResult;
};

/** `owner`: the account that it is for; 0 = none. */
export type Numbered = { readonly id: number; readonly owner: number; readonly job: Job };
/** What a thread is given at a time; `hints` are for the messages in it that arrive. */
export type Batch = { readonly jobs: readonly Numbered[]; readonly hints: ArrivalHints };
export type Answer =
  | { readonly id: number; readonly result: JobResult[Job["kind"]] }
  | { readonly id: number; readonly failure: FailureData };
/** `current` holds the number of the job being done, so that a death can be laid at the right door. */
export type ThreadData = {
  readonly blobDir: string;
  readonly memory: SharedArrayBuffer;
  readonly current: Int32Array<SharedArrayBuffer>;
};
