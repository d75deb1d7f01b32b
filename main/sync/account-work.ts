import type { AccountId, FolderId } from "../../shared/ids.ts";
import type { Log } from "../log.ts";
import type { ArrivedBody } from "../store/ingest.ts";
import type { Store } from "../store/open.ts";
import type { ByteGate } from "./byte-gate.ts";
import type { CommitPace } from "./commit-pace.ts";
import type { LineSpeed } from "./line-speed.ts";

/** What the index takes in of a message. */
export type IndexText = { subject: string; from: string; to: string; body: string; attachmentNames: string };

/** Hashes, keeps and parses a message in another thread. The bytes are given away. */
export interface ParsePool {
  arrive(message: { bytes: Uint8Array; durable: boolean }): Promise<ArrivedBody & { indexText: IndexText }>;
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
  readonly onIndexText: OnIndexText | undefined;
  /** Something that the user may want to see has changed. */
  progressed(): void;
};

export type FolderRef = { readonly id: FolderId; readonly path: string };
