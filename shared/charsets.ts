import { z } from "zod";

/** What a message can be read as when it lies about its charset, by WHATWG name, in the order in which it is offered. */
export const OFFERED_CHARSETS = [
  "gb18030",
  "big5",
  "utf-8",
  "shift_jis",
  "iso-2022-jp",
  "euc-jp",
  "euc-kr",
  "windows-1252",
  "windows-1250",
  "windows-1251",
  "koi8-r",
  "windows-1253",
  "windows-1254",
  "windows-1255",
  "windows-1256",
  "windows-1257",
  "windows-1258",
  "windows-874",
] as const;

export const offeredCharset = z.enum(OFFERED_CHARSETS);
export type OfferedCharset = z.infer<typeof offeredCharset>;
