/** What is known of a message's charsets beside its labels and its bytes. */
export type CharsetHints = {
  /** The charset that the user chose for this message or its sender; "" when none. It holds against every label. */
  readonly chosen: string;
  /** What text without a good label is likely to be in, by the user's languages; the likeliest first. */
  readonly likely: readonly string[];
  /** What the sender's other mail was in where no label said so; "" when that is not known. It decides between charsets that fit, and makes none fit. */
  readonly history?: string;
  /** Told of text whose charset had to be recognised: `sure` when it can be no other. */
  readonly heard?: (charset: string, sure: boolean) => void;
};

export const NO_HINTS: CharsetHints = { chosen: "", likely: [] };

const BY_LANGUAGE: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^zh-(?:tw|hk|mo|hant)/iu, ["big5", "gb18030"]],
  [/^zh/iu, ["gb18030", "big5"]],
  [/^ja/iu, ["shift_jis", "euc-jp"]],
  [/^ko/iu, ["euc-kr"]],
  [/^(?:ru|uk|be|bg|sr|mk)/iu, ["windows-1251", "koi8-r"]],
  [/^(?:pl|cs|sk|hu|sl|hr|ro|sq|bs)/iu, ["windows-1250", "iso-8859-2"]],
  [/^el/iu, ["windows-1253", "iso-8859-7"]],
  [/^tr/iu, ["windows-1254"]],
  [/^he/iu, ["windows-1255"]],
  [/^(?:ar|fa|ur)/iu, ["windows-1256"]],
  [/^(?:et|lv|lt)/iu, ["windows-1257"]],
  [/^vi/iu, ["windows-1258"]],
  [/^th/iu, ["windows-874"]],
];

/** @param languages BCP 47, the user's first one first */
export function likelyCharsets(languages: readonly string[]): readonly string[] {
  const found = languages.flatMap((language) => BY_LANGUAGE.find(([pattern]) => pattern.test(language))?.[1] ?? []);
  return [...new Set(found)];
}
