import type { Field } from "../mime/header-fields.ts";

/** A field as it stands in the message: in latin1, so that each character is one byte; folds are CRLF. */
export type RawField = { readonly name: string; readonly line: string };

const LF = 0x0a;

export function rawFields(bytes: Buffer, fields: readonly Field[]): RawField[] {
  return fields.map(({ name, start, end }) => {
    const line = bytes.toString("latin1", bytes.lastIndexOf(LF, start - 1) + 1, end);
    return { name, line: line.replace(/\r?\n/gu, "\r\n") };
  });
}

/** What follows the colon. */
export function fieldValue({ line }: RawField): string {
  return line.slice(line.indexOf(":") + 1);
}
