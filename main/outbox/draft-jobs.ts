import type { Address } from "../../shared/address.ts";
import type { FailureData } from "../../shared/failure.ts";
import type { AnswerInput } from "../mime/compose-answer.ts";
import type { ReceiptInput } from "../mime/compose-receipt.ts";
import type { Table } from "../mime/table.ts";
import type { DraftKind } from "../store/drafts.ts";

/** All that makes a message of a draft. Plain data: it crosses into a thread, and files go by their path. */
export type FreezeJob = {
  readonly profileDir: string;
  readonly from: Address;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly subject: string;
  /** The user's own text. */
  readonly html: string;
  /** The quoted original as HTML, or null. */
  readonly quotePath: string | null;
  /** Message-IDs are without angle brackets. */
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly messageId: string;
  readonly date: number;
  readonly askReceipt: boolean;
  readonly listUnsubscribe: string | null;
  readonly attachments: readonly {
    readonly name: string;
    readonly type: string;
    readonly contentId: string | null;
    readonly sizeBytes: number;
    readonly path: string;
  }[];
};

/** Reads the original of an answer, and keeps what the draft needs of it as files of its own. */
export type QuoteJob = {
  /** `again`: the original is sent once more, as it was. `continue`: it is a draft that is written on. */
  readonly kind: Exclude<DraftKind, "new"> | "again" | "continue";
  /** The original's file, or what is here of it. */
  readonly path: string;
  readonly hash: string;
  /** Numbers of parts that are not in it. */
  readonly without: readonly string[];
  /** The charset that the user chose for it; null = as it says. */
  readonly readAs: string | null;
  /** The one that its sender's history decided for. */
  readonly vote: string | null;
  readonly profileDir: string;
};

export type KeptPart = {
  readonly name: string;
  readonly type: string;
  readonly contentId: string | null;
  readonly hash: string;
  readonly sizeBytes: number;
};
export type Quoted = {
  /** Where servers say that they delivered the original. */
  readonly delivered: readonly string[];
  /** What is written on, as the editor takes it; "" where all of it is quoted. */
  readonly own: string;
  /** null where nothing is quoted: of a draft, perhaps. */
  readonly quoteHash: string | null;
  readonly references: readonly string[];
  /** Pictures inside the quote; all attachments where all of the original goes on. */
  readonly parts: readonly KeptPart[];
};

/** Composes a receipt for a message that was read, and keeps it as a frozen message is kept. */
export type ReceiptJob = ReceiptInput & { readonly profileDir: string };

/** Composes the answer to an invitation, which is read from its file once more: what is answered are its own lines. */
export type AnswerJob = Omit<AnswerInput, "event"> & {
  readonly profileDir: string;
  /** The invitation's file. */
  readonly path: string;
  readonly hash: string;
  /** The charset that the user chose for it; null = as it says. */
  readonly readAs: string | null;
  /** The part of it that is the message with the event; null for the message itself. */
  readonly inside: string | null;
  /** Which of the events in it. */
  readonly index: number;
  readonly uid: string;
};

/** Reads the table of a bulk. */
export type TableJob = { readonly bytes: Uint8Array /** Charsets by the user's languages. */; readonly likely: readonly string[] };

export type DraftJob =
  | { readonly kind: "freeze"; readonly job: FreezeJob }
  | { readonly kind: "quote"; readonly job: QuoteJob }
  | { readonly kind: "receipt"; readonly job: ReceiptJob }
  | { readonly kind: "answer"; readonly job: AnswerJob }
  | { readonly kind: "table"; readonly job: TableJob };
type Kept = { hash: string; sizeBytes: number };
export type DraftResults = { freeze: Kept; quote: Quoted; receipt: Kept; answer: Kept; table: Table };
export type DraftRequest = { readonly id: number; readonly job: DraftJob };
export type DraftAnswer =
  | { readonly id: number; readonly result: DraftResults[keyof DraftResults] }
  | { readonly id: number; readonly failure: FailureData };
