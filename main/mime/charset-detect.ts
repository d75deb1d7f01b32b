import { isUtf8 } from "node:buffer";

/** Bytes looked at: enough for certainty, short enough to cost nothing. */
const SAMPLE = 8192;

// The commonest characters of running text; a wrong decoding yields rare ones.
const SIMPLIFIED = new Set(
  "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏送邮您发票订系统账号谢附件收款单位客户产品服务合同登录验证码支付时间地址电话",
);
const TRADITIONAL = new Set(
  "的一是不了人我在有他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先山五太水萬市眼體別處總才場師書比住員九笑性通目華報立馬命張活難神數件安表原車白應路期叫死常提感金何更反合放做系計或司利受光王果親界及今京務制解各任至清物臺象記邊共風戰幹接它許八特覺望直服林題建南度統色字請愛讓認算論百吃義科怎元社術結六功指思非流每青管夫連遠資隊跟帶花快條院變聯言權往展該領傳近留紅治決周保達辦運武半候七必城父強步完革深區即求品士轉量空甚眾技輕程告江語英基派滿式李息寫呢識極令黃德收臉錢黨倒未持取設始版雙歷越史商千片容研像找友孩站廣改議形委早房音火際則首單據導影失拿網香似斯專石若兵弟誰校讀志飛觀爭究包組造落視濟喜離雖壞送郵您測試信箱客戶產品服務訂購",
);
const HANGUL = new Set(
  "이다는에의을를가고하지서로한은사기도자그대나정리시인아어일주수스해보라있것등과만들면장여부전상제성게유소구용경조비동화중개음습니합원문관모내신생세마우오공안국메확입방연결요드청추단",
);

/** Names in the order of trust: the first of equal scores wins. */
const MULTIBYTE: readonly { name: string; score(code: number, char: string): number }[] = [
  { name: "gb18030", score: (code, char) => hanScore(code, char, SIMPLIFIED) },
  { name: "big5", score: (code, char) => hanScore(code, char, TRADITIONAL) },
  { name: "shift_jis", score: japaneseScore },
  { name: "euc-jp", score: japaneseScore },
  {
    name: "euc-kr",
    score: (code, char) => (HANGUL.has(char) ? 1 : code >= 0xac00 && code <= 0xd7a3 ? 0.2 : punctuation(code) ? 0.4 : -0.3),
  },
];

function hanScore(code: number, char: string, common: Set<string>): number {
  if (common.has(char)) return 1;
  if (code >= 0x4e00 && code <= 0x9fff) return 0.15;
  return punctuation(code) ? 0.4 : -0.5;
}

function japaneseScore(code: number, char: string): number {
  if (code >= 0x3041 && code <= 0x30fe) return 1;
  // Half-width kana: what single-byte text looks like when it is taken for Shift_JIS.
  if (code >= 0xff61 && code <= 0xff9f) return -0.5;
  return hanScore(code, char, TRADITIONAL) * 0.8;
}

function punctuation(code: number): boolean {
  return (code >= 0x3000 && code <= 0x3020) || (code >= 0xff01 && code <= 0xff5e) || (code >= 0x2010 && code <= 0x2026);
}

const strict = new Map<string, TextDecoder>();

function strictly(name: string): TextDecoder {
  const found = strict.get(name);
  if (found) return found;
  const made = new TextDecoder(name, { fatal: true });
  strict.set(name, made);
  return made;
}

/** What speaks for a charset beside the bytes: the user's languages, and what the sender wrote in before ("" = not known). */
export type Votes = { readonly likely: readonly string[]; readonly history: string };

/** `sure`: running text that makes no such words in any other charset. */
export type Recognised = { readonly charset: string; readonly sure: boolean };

/**
 * What undeclared bytes are most likely to be: validity first (UTF-8, the ISO-2022 escapes), then how ordinary the decoded
 * characters are.
 * @returns a WHATWG name, or "hz"; "windows-1252" when nothing else fits
 */
export function recognise(bytes: Uint8Array, { likely, history }: Votes): Recognised {
  if (isUtf8(bytes)) return { charset: sevenBit(bytes), sure: true };
  const sample = excerpt(bytes);
  const asked = history === "" ? likely : [history, ...likely];
  // Cyrillic letters lie above 0xC0 in both charsets; running text in a multibyte one has bytes below as well.
  if (asked.some(isCyrillic) && !asked.some(isMultibyte) && sample.every((byte) => byte < 0x80 || byte >= 0xc0))
    return singleByte(sample, likely, history);
  const scores = MULTIBYTE.map(({ name, score }) => {
    const mean = meanScore(sample, name, score);
    return { name, mean, voted: mean + (history === name ? HISTORY : likely.includes(name) ? (history === "" ? LIKELY : BESIDE) : 0) };
  });
  const best = scores.reduce((first, one) => (one.voted > first.voted ? one : first));
  if (best.voted <= FITS) return singleByte(sample, likely, history);
  const next = Math.max(...scores.filter((one) => one !== best).map(({ mean }) => mean));
  return { charset: best.name, sure: sample.length >= RUNNING && best.mean > SURE && best.mean - next > APART };
}

const FITS = 0.33;
/** How much the user's languages count: enough to decide between two that fit, never enough to make one fit. */
const LIKELY = 0.12;
/** The sender knows better than the user's languages. Less than what separates rare characters from text. */
const HISTORY = 0.17;
const BESIDE = 0.05;
/** Bytes of running text, and how far it has to be from all else. */
const RUNNING = 24;
const APART = 0.3;

/**
 * Whether bytes may well be in the multibyte charset that their label names. They are not when they cannot be decoded as it, or when they
 * make rare characters in it and running text in another.
 */
export function plausible(bytes: Uint8Array, name: string, likely: readonly string[]): boolean {
  if (isCyrillic(name) && isDrawing(bytes)) return !isMultibyte(recognise(bytes, { likely, history: "" }).charset);
  const declared = MULTIBYTE.find((one) => one.name === name);
  if (declared === undefined) return true;
  const sample = excerpt(bytes);
  const own = meanScore(sample, name, declared.score);
  // A few broken bytes (cut by a gateway) in what else reads well are no reason to read all of it otherwise.
  if (own === INVALID) {
    const seen = recognise(bytes, { likely, history: "" }).charset;
    return !MULTIBYTE.some((one) => one.name === seen && meanScore(sample, seen, one.score) > SURE);
  }
  if (own > 0.35 || sample.length < 8) return true;
  return !MULTIBYTE.some((one) => one.name !== name && meanScore(sample, one.name, one.score) > Math.max(SURE, own + 0.35));
}

function isMultibyte(name: string): boolean {
  return MULTIBYTE.some((one) => one.name === name);
}

export function isCyrillic(name: string): boolean {
  return name === "windows-1251" || name === "koi8-r";
}

/** In KOI8-R and Windows-1251 letters are at C0 and above; what lies below, ё apart, is signs and frames, of which words have few. */
const FEW_SIGNS = 0.2;
const YO = new Set([0xa3, 0xb3, 0xa8, 0xb8]);

function isDrawing(bytes: Uint8Array): boolean {
  let [high, signs] = [0, 0];
  for (const byte of excerpt(bytes)) {
    if (byte >= 0x80) high += 1;
    if (byte >= 0x80 && byte < 0xc0 && !YO.has(byte)) signs += 1;
  }
  return signs >= 3 && signs > high * FEW_SIGNS;
}

const INVALID = -1;
/** Only running text is as ordinary as this. */
const SURE = 0.6;

/** Text in 7 bits that is not ASCII all the same. */
function sevenBit(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 65_536));
  if (head.includes("\x1b$)C")) return "iso-2022-kr";
  if (head.includes("\x1b$)A")) return "iso-2022-cn";
  if (head.includes("\x1b$B") || head.includes("\x1b$@") || head.includes("\x1b(J")) return "iso-2022-jp";
  if (/~\{(?:[!-w][!-~])+~\}/u.test(head.includes("~{") ? head.toString("latin1") : "")) return "hz";
  return "utf-8";
}

/** From just before the first 8-bit byte on, so that a long English preamble does not hide the rest. */
function excerpt(bytes: Uint8Array): Uint8Array {
  let first = 0;
  while (first < bytes.length && (bytes[first] ?? 0) < 0x80) first++;
  return bytes.subarray(first, first + SAMPLE);
}

function meanScore(sample: Uint8Array, name: string, score: (code: number, char: string) => number): number {
  let text: string | null = null;
  for (let cut = 0; cut < (sample.length < SAMPLE ? 1 : 4) && text === null; cut++) {
    try {
      text = strictly(name).decode(sample.subarray(0, sample.length - cut));
    } catch {
      // Not valid in this charset, or a character cut in two at the end of the sample: one byte less may do.
    }
  }
  if (text === null) return INVALID;
  let sum = 0;
  let count = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x80) continue;
    count++;
    // C1 controls and private use never stand in mail.
    sum += code < 0xa0 || (code >= 0xe000 && code <= 0xf8ff) ? -2 : score(code, char);
  }
  return count === 0 ? -1 : sum / count;
}

/** Cyrillic text is nearly all 8-bit letters in runs; western text has single accented ones. KOI8-R and 1251 swap the cases. */
function singleByte(sample: Uint8Array, likely: readonly string[], history: string): Recognised {
  let high = 0;
  let inRun = 0;
  let koiLower = 0;
  let winLower = 0;
  for (let i = 0; i < sample.length; i++) {
    const byte = sample[i] ?? 0;
    if (byte < 0x80) continue;
    high++;
    if ((sample[i - 1] ?? 0) >= 0x80) inRun++;
    if (byte >= 0xc0 && byte <= 0xdf) koiLower++;
    if (byte >= 0xe0) winLower++;
  }
  const local = [history, ...likely].find((name) => name !== "" && !isMultibyte(name) && name !== "utf-8");
  if (local !== undefined && !isCyrillic(local)) return { charset: local, sure: false };
  if ((high < 4 || inRun < high / 2) && local === undefined) return { charset: "windows-1252", sure: false };
  const apart = Math.abs(koiLower - winLower);
  // Capitals alone, or a word or two, look the same in both.
  if (isCyrillic(history) && (apart * 2 < high || high < RUNNING)) return { charset: history, sure: false };
  return {
    charset: koiLower > winLower ? "koi8-r" : "windows-1251",
    sure: high >= 2 * RUNNING && inRun * 4 > high * 3 && apart * 2 > high,
  };
}
