import type { AccountId, FolderId } from "../../shared/ids.ts";
import type { Log } from "../log.ts";
import type { CharsetHints } from "../mime/charset-hints.ts";
import type { IndexText } from "../mime/index-text.ts";
import type { ArrivedBody } from "../store/message-columns.ts";
import type { Store } from "../store/open.ts";
import type { ByteGate } from "./byte-gate.ts";
import type { CommitPace } from "./commit-pace.ts";
import type { Governor } from "./governor.ts";
import type { LineSpeed } from "./line-speed.ts";
import type { ArrivalHints, OutlineOf } from "./parse-jobs.ts";
import type { AccountRoom } from "./room.ts";
import type { RoundWatch } from "./round-watch.ts";
import type { AccountNews } from "./running-account.ts";

/** Hashes, keeps and parses a message in another thread. */
export interface ParsePool {
  /** Much mail is about to arrive. */
  prepare(): void;
  /** Memory for a message that will be given to `arrive`: then it need not be copied. */
  memoryFor(sizeBytes: number): Uint8Array;
  /** The bytes are given away. */
  arrive(message: Arriving): Promise<ArrivedBody & { indexText: IndexText }>;
  /**
   * As `arrive`, for what is fetched of a large message; `cut` is the part in which its first bytes end.
   * @throws Failure `part-gone` where it lacks a part that it should have
   */
  arriveOutline(message: Arriving, outline: OutlineOf): Promise<ArrivedOutlineBody>;
  /** What there is to know of a message that is kept already. @throws Failure `not-here-yet`; `bug` when no reader survives it */
  again(place: { readonly hash: string }, hints: CharsetHints): Promise<Omit<ArrivedBody, "hash" | "sizeBytes"> & { indexText: IndexText }>;
}

type Arriving = { readonly bytes: Uint8Array; readonly durable: boolean; readonly account: number };
export type ArrivedOutlineBody = ArrivedBody & { readonly indexText: IndexText; readonly cut: string };

/** Texts for the index as they come by, so that nobody has to read the files again. */
export type OnIndexText = (texts: { messageId: number; text: IndexText }[]) => void;

/** What the executors of one account share. */
export type AccountWork = {
  readonly accountId: AccountId;
  readonly store: Store;
  readonly log: Log;
  readonly clock: () => number;
  readonly parsePool: ParsePool;
  readonly arrivalHints: () => ArrivalHints;
  readonly gate: ByteGate;
  readonly speed: LineSpeed;
  readonly pace: CommitPace;
  /** Where the time goes. */
  readonly round: RoundWatch;
  /** What the provider allows. */
  readonly governor: Governor;
  /** What may be kept here. */
  readonly room: AccountRoom;
  readonly onIndexText: OnIndexText | undefined;
  readonly onNews?: ((news: AccountNews) => void) | undefined;
  /** Something that the user may want to see has changed. */
  progressed(): void;
};

export type FolderRef = { readonly id: FolderId; readonly path: string };
