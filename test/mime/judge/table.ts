import { reasonFor } from "./reasons.ts";
import type { Matter, Verdict } from "./verdict.ts";

const MATTERS: readonly Matter[] = ["subject", "people", "date", "text", "HTML", "binary", "parts", "header line"];

/** docs/mime-judgement.md, made from the comparison itself. */
export function judgementTable(sets: Readonly<Record<string, readonly Verdict[]>>): string {
  const out = [
    "# How messages are read, compared with other parsers",
    "",
    "The public samples of two other parsers come with the results that they expect: the mail-parser of Stalwart (30 messages, each with LF and",
    "with CRLF, and 400 single header lines made to be hard) and james-mime4j (32 messages of broken structure). `test/mime/judgement.test.ts`",
    "compares them with what Satchel reads and writes this page; a deviation without a reason here fails the test. Blanks and line ends do not",
    "count, since format=flowed is joined here and not there. `npx vitest run -c build/vitest.config.ts test/mime/judgement.test.ts -u` writes it anew.",
    "",
    `| compared | ${Object.keys(sets).join(" | ")} | as expected | as expected, or for a good reason otherwise |`,
    `|---|${"---|".repeat(Object.keys(sets).length + 2)}`,
  ];
  const all = Object.values(sets).flat();
  for (const matter of [...MATTERS, null]) {
    const of = (list: readonly Verdict[]) => list.filter((one) => matter === null || one.matter === matter);
    const cells = Object.values(sets).map((list) => `${of(list).filter(agrees).length}/${of(list).length}`);
    out.push(`| ${matter ?? "together"} | ${cells.join(" | ")} | ${share(of(all), agrees)} | ${share(of(all), isRight)} |`);
  }
  for (const [set, list] of Object.entries(sets)) {
    out.push("", `## ${set}`, "", "| where | what | Satchel | expected | why |", "|---|---|---|---|---|");
    for (const one of list.filter((each) => !agrees(each)))
      out.push(`| ${cell(one.where, 90)} | ${one.matter} | ${cell(one.got, 110)} | ${cell(one.wanted, 110)} | ${why(one.where)} |`);
  }
  return `${out.join("\n")}\n`;
}

export function agrees({ got, wanted }: Verdict): boolean {
  return got === wanted;
}

/** As expected, or otherwise for a reason that is better. */
export function isRight(one: Verdict): boolean {
  return agrees(one) || reasonFor(one.where)?.right === "ours";
}

function share(list: readonly Verdict[], good: (one: Verdict) => boolean): string {
  return list.length === 0 ? "–" : `${((100 * list.filter(good).length) / list.length).toFixed(1)} %`;
}

function why(where: string): string {
  const reason = reasonFor(where);
  return reason === undefined ? "" : `${reason.right === "theirs" ? "Not as good: " : ""}${reason.why}`;
}

function cell(text: string, longest: number): string {
  const flat = text.replace(/\p{Cc}/gu, "�");
  return (flat.length > longest ? `${flat.slice(0, longest - 1)}…` : flat)
    .toWellFormed()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("|", "\\|")
    .replaceAll("`", "'");
}
