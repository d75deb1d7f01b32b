import type { FailureData } from "../../shared/failure.ts";
import type { IndexText } from "../mime/index-text.ts";
import type { FindInput, Found } from "./finder.ts";

export type SearchThreadData = {
  readonly indexFile: string;
  readonly storeFile: string;
  readonly blobDir: string /** The last end was unclean: look for messages that the index lacks. */;
  readonly compare: boolean;
  /** By the user's languages. */
  readonly likelyCharsets: readonly string[];
};

export type ToSearchThread =
  | { kind: "offer"; texts: readonly { messageId: number; text: IndexText }[] }
  /** There is something in the queue. */
  | { kind: "poke" }
  | { kind: "find"; id: number; input: FindInput }
  | { kind: "close" };

export type FromSearchThread =
  /** `fresh`: the index was empty or unusable and wants every message again. */
  | { kind: "ready"; fresh: boolean; indexed: number }
  | { kind: "missing"; messageIds: number[] }
  | { kind: "indexed"; queueIds: number[]; indexed: number; waiting: number }
  | { kind: "found"; id: number; found: Found; tookMs: number }
  | { kind: "failed"; id: number; failure: FailureData }
  | { kind: "trouble"; failure: FailureData };
