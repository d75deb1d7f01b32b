import type { ListRow } from "../../../shared/contract/mail.ts";

const SAYS_CODE = /\bcode\b|passcode|one-time|verification|验证码|校验码|動態碼|驗證碼|認証コード|確認コード|인증/iu;
const CODE = /(?<![\d.,/:#-])(\d{3}[ -]\d{3}|\d{4,8})(?![\d.,/:-]*\d)/u;

/** The sign-in code a message brings, if it looks like such a message. */
export function oneTimeCode(row: ListRow): string | null {
  if (row.count > 1 || !SAYS_CODE.test(row.subject)) return null;
  return CODE.exec(row.snippet)?.[1] ?? CODE.exec(row.subject)?.[1] ?? null;
}
