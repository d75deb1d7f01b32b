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
  arrive(message: { bytes: Uint8Array; durable: boolean; account: number }): Promise<ArrivedBody & { indexText: IndexText }>;
  /** What there is to know of a message that is kept already. @throws Failure `not-here-yet`; `bug` when no reader survives it */
  again(place: { readonly hash: string }, hints: CharsetHints): Promise<Omit<ArrivedBody, "hash" | "sizeBytes"> & { indexText: IndexText }>;
}

/** Texts for the index as they come by, so that nobody has to read the files again. */
export type OnIndexText = (texts: { messageId: number; text: IndexText }[]) => void;

/** What the executors of one account share. */
export type AccountWork = {
  readonly accountId: AccountId;
  readonly store: Store;
  readonly log: Log;
  readonly clock: () => number;
  readonly parsePool: ParsePool;
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
