/** Characters that are written in this way in traditional Chinese only. */
const TRADITIONAL =
  /[們這為會國來時說對開發後學過還與個無應該電話請問點麼經實現關於題機動長車門間東書馬員見貝頁風飛魚鳥龍體號統編單臺灣郵圖寫錄訊號]/u;

/**
 * The language whose Han shapes a short text wants, as BCP 47; `und` where it holds no CJK.
 *
 * A guess for fonts and line breaking only: kana means Japanese, hangul Korean.
 */
export function langOf(text: string): string {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return "ja";
  if (/\p{Script=Hangul}/u.test(text)) return "ko";
  if (!/\p{Script=Han}/u.test(text)) return "und";
  return TRADITIONAL.test(text) ? "zh-TW" : "zh-CN";
}
