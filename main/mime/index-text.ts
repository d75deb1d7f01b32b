import { foldedTogether } from "./fold.ts";

/** The words of a message that can be searched, as they were read. People are "Name address", one a line. */
export type IndexWords = {
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly attachmentNames: string;
};

/**
 * What the search index takes in of a message: the five columns in the order of `IndexWords`, folded, as UTF-8 one behind the other.
 * The buffer is its owner's alone, so that it can be handed from thread to thread instead of being copied.
 */
export type IndexText = { readonly bytes: Uint8Array<ArrayBuffer>; readonly ends: readonly number[] };

export function indexText({ subject, from, to, body, attachmentNames }: IndexWords): IndexText {
  return foldedTogether([subject, from, to, body, attachmentNames]);
}

/** One column of it: 0 is the subject. */
export function indexColumn({ bytes, ends }: IndexText, column: number): Uint8Array {
  return bytes.subarray(column === 0 ? 0 : ends[column - 1], ends[column]);
}
