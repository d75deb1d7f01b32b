/** Labels below a country's that stand for a kind of owner, not for one: example.co.uk, example.com.cn, example.ne.jp. */
const KINDS = new Set(
  "ac co com edu gen go gob gob gouv gov gv id info int ltd me mil ne net nhs nic nom or org plc sch web ad ed gr lg school geek govt idv game ebiz club priv".split(
    " ",
  ),
);

/**
 * The domain that an owner has registered, told from a host inside it: mx1.mail.example.co.uk → example.co.uk. A small rule instead of the public suffix
 * list: where it is wrong it gives a suffix that nobody answers for, or a domain that is a little longer than need be.
 *
 * @returns null for addresses and single labels
 */
export function baseDomain(host: string): string | null {
  const labels = host.toLowerCase().replace(/\.$/u, "").split(".");
  const top = labels.at(-1) ?? "";
  if (labels.length < 2 || labels.includes("") || /^\d+$/u.test(top)) return null;
  const kind = labels.at(-2) ?? "";
  const suffix = top.length === 2 && KINDS.has(kind) ? 2 : 1;
  return labels.length <= suffix ? null : labels.slice(-suffix - 1).join(".");
}
