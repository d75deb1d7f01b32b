import { unitsOf } from "./units.ts";

// Characters that only one of the two ways of writing Chinese uses, among the commonest.
const SIMPLIFIED =
  "这来国个们说为时会过对学么没还发开长现将实动进无产见书经头问间两总样门话东车给认请让机电师员务业关级系统应点广专网语难决议论设计谢验证码邮货资报质价变条标题单据张买卖";
const TRADITIONAL =
  "這來國個們說為時會過對學麼沒還發開長現將實動進無產見書經頭問間兩總樣門話東車給認請讓機電師員務業關級統應點廣專網語難決議論設計謝驗證碼郵貨資報質價變條標題單據張買賣";

/** 1 = written so in mainland China only, 2 = in Taiwan and Hong Kong only; by code from U+4E00. */
const SIDE = new Uint8Array(0x5200);
for (const char of SIMPLIFIED) SIDE[char.charCodeAt(0) - 0x4e00] = 1;
for (const char of TRADITIONAL) SIDE[char.charCodeAt(0) - 0x4e00] = 2;

const BY_CHARSET: Readonly<Record<string, string>> = {
  gb18030: "zh-CN",
  gbk: "zh-CN",
  big5: "zh-TW",
  shift_jis: "ja",
  "euc-jp": "ja",
  "iso-2022-jp": "ja",
  "euc-kr": "ko",
};

/** What is counted below; most mail has none of it. */
const EAST = /[\u3041-\u30fe\u4e00-\u9fff\uac00-\ud7a3]/u;
/** Characters looked at. */
const SAMPLE = 3000;

/**
 * The language of a text as far as fonts and line breaking care.
 * @returns "zh-CN", "zh-TW", "ja", "ko", or "" for everything else
 */
export function guessLanguage(text: string, charset: string): string {
  if (!EAST.test(text)) return "";
  let kana = 0;
  let hangul = 0;
  let han = 0;
  let simplified = 0;
  let traditional = 0;
  let other = 0;
  const sample = text.slice(0, SAMPLE);
  const units = unitsOf(sample);
  const end = sample.length;
  for (let i = 0; i < end; i++) {
    const code = units[i] ?? 0;
    if (code >= 0x4e00 && code <= 0x9fff) {
      han++;
      const side = SIDE[code - 0x4e00] ?? 0;
      simplified += side & 1;
      traditional += side >> 1;
    } else if (code < 0x80) {
      if ((code | 32) >= 0x61 && (code | 32) <= 0x7a) other++;
    } else if (code >= 0x3041 && code <= 0x30fe) kana++;
    else if (code >= 0xac00 && code <= 0xd7a3) hangul++;
  }
  const east = kana + hangul + han;
  // A foreign name in an English letter does not make it Chinese; a character says about as much as three letters.
  if (east === 0 || east * 3 < other * 0.2) return "";
  if (hangul > han && hangul > kana) return "ko";
  if (kana * 12 > han) return "ja";
  if (simplified === traditional) return BY_CHARSET[charset] ?? "zh-CN";
  return simplified > traditional ? "zh-CN" : "zh-TW";
}
