import { foldedBytes } from "./fold.ts";

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
  const columns = [subject, from, to, body, attachmentNames].map((column) => new Uint8Array(foldedBytes(column)));
  const ends: number[] = [];
  let size = 0;
  for (const { byteLength } of columns) {
    size += byteLength;
    ends.push(size);
  }
  const bytes = new Uint8Array(size);
  for (const [at, column] of columns.entries()) bytes.set(column, (ends[at] ?? 0) - column.byteLength);
  return { bytes, ends };
}

/** One column of it: 0 is the subject. */
export function indexColumn({ bytes, ends }: IndexText, column: number): Uint8Array {
  return bytes.subarray(column === 0 ? 0 : ends[column - 1], ends[column]);
}
