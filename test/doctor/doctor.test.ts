import i18next from "i18next";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstDiagnosis } from "../../main/plan/diagnosis.ts";
import { words as english } from "../../renderer/i18n/en.ts";
import { failureText } from "../../renderer/i18n/failure-text.ts";
import { setLanguage, startLanguage } from "../../renderer/i18n/setup.ts";
import { words as chinese } from "../../renderer/i18n/zh-CN.ts";
import { explain, mendOf } from "../../shared/answers/table.ts";
import type { TestState } from "../../shared/contract/accounts.ts";
import type { FailureData } from "../../shared/failure.ts";
import { secretForms } from "../support/secret-forms.ts";
import { ANSWER_FAULTS } from "./answer-faults.ts";
import type { Fault } from "./fault.ts";
import { LINE_FAULTS } from "./line-faults.ts";
import { TRUST_FAULTS } from "./trust-faults.ts";
import { SECRET, World } from "./world.ts";

const FAULTS: readonly Fault[] = [...LINE_FAULTS, ...TRUST_FAULTS, ...ANSWER_FAULTS];

const WORDS = { en: english, "zh-CN": chinese } as const;

type Row = { fault: Fault; at: string; told: FailureData | null; mended: boolean | null };
const rows: Row[] = [];
let world: World;

beforeAll(async () => {
  await startLanguage("en");
  await setLanguage("zh-CN");
  world = await World.open();
});
afterAll(() => world.stop());

const named = ({ is }: Fault): string => (typeof is === "string" ? is : is.code);
const toldAs = (failure: FailureData): string => explain(failure)?.id ?? failure.code;

function inBoth(failure: FailureData): { en: string; zh: string } {
  const of = (language: string): string => {
    void i18next.changeLanguage(language);
    return failureText(failure);
  };
  return { en: of("en"), zh: of("zh-CN") };
}

/** Only what runs through by itself has been mended: a warning is still one. */
const sound = (state: TestState): boolean => state.state === "passed" && firstDiagnosis(state.steps) === null;

describe("each planted fault", () => {
  test.each(FAULTS.map((fault) => [fault.title, fault] as const))("%s", async (_title, fault) => {
    const { planted, mended } = await fault.sow(world);
    const state = await world.check(planted);
    const found = firstDiagnosis(state.steps);
    const row: Row = { fault, at: found === null ? "" : `${found.side} ${found.stage}`, told: found?.failure ?? null, mended: null };
    rows.push(row);
    if (row.told === null) throw new Error(`nothing was found:\n${state.transcript}`);
    expect(toldAs(row.told), JSON.stringify(row.told)).toBe(named(fault));

    const { en, zh } = inBoth(row.told);
    expect(en).toMatch(/^[^{}]{20,}$/u);
    expect(zh).toMatch(/^[^{}]*\p{Script=Han}[^{}]*$/u);
    expect(mendOf(row.told), "a button").not.toBeNull();
    for (const form of secretForms(SECRET)) expect(state.transcript).not.toContain(form);

    // What can be tried at once is offered, and it is what the mend takes.
    if (mendOf(row.told)?.mend === "find-way" && typeof mended === "object" && mended.via !== undefined && state.alternative !== null) {
      const { incoming, outgoing } = state.alternative;
      const offered = [incoming, outgoing].map(({ port, security }) => `${port} ${security}`);
      const taken = { ...mended.incoming, ...mended.outgoing };
      expect(offered).toContain(`${taken.port} ${taken.security}`);
    }
    if (mended === undefined) return;
    if (typeof mended === "function") await mended();
    const after = await world.check(typeof mended === "function" ? planted : mended);
    row.mended = sound(after);
    expect(row.mended, after.transcript).toBe(true);
  });
});

test("a network that shuts a port is answered with the door that is open", async () => {
  for (const fault of LINE_FAULTS.filter(
    ({ is }) => typeof is === "string" && /^port-(?:465|587|25)-|^port-tls-closed|^tls-on|^tls-exp|^starttls/u.test(is),
  )) {
    const state = await world.check((await fault.sow(world)).planted);
    expect(state.alternative, fault.title).not.toBeNull();
  }
});

test("nothing was sent, and no folder is left over", () => {
  expect(world.smtp.messages).toEqual([]);
  expect(world.imap.folders("user1@harbour.example").filter((name) => name.includes("Satchel"))).toEqual([]);
});

test("of at least 40 faults 38 in 40 are told rightly at first, and the paper says so", async () => {
  const right = rows.filter(({ fault, told }) => told !== null && toldAs(told) === named(fault));
  expect(rows.length).toBeGreaterThanOrEqual(40);
  expect(right.length / rows.length).toBeGreaterThanOrEqual(38 / 40);
  await expect(paper(right.length)).toMatchFileSnapshot("../../docs/failure-doctor.md");
});

function paper(right: number): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  const line = ({ fault, at, told, mended }: Row): string => {
    const { en, zh } = sentences(told);
    const mend = told === null ? undefined : mendOf(told)?.mend;
    const button = mend === undefined ? "" : english.mends[mend];
    return `| ${[fault.title, at, en, zh, button, mended === null ? "–" : mended ? "yes" : "no"].map(cell).join(" | ")} |`;
  };
  return [
    "# What the failure doctor is proved by",
    "",
    "Each fault below is planted in servers, proxies, certificates, names or clocks of the tests' own (`test/doctor`), and an account is checked by the same",
    "routine that the window uses. What it tells first has to be the cause, in both languages; then the mend is carried out and the check has to run through.",
    "This page is compared with what the tests find; blanks are left open. The sentences of answers that are not planted here stand in",
    "`renderer/i18n/answers`, each recognised by an example in `test/answers`.",
    "",
    `${rows.length} faults, ${right} told rightly at first.`,
    "",
    "| planted | found at | told | 中文 | button | mended |",
    "|---|---|---|---|---|---|",
    ...rows.map(line),
    "",
  ].join("\n");
}

/** Without host names, ports and days, which differ from run to run. */
function sentences(told: FailureData | null): { en: string; zh: string } {
  if (told === null) return { en: "", zh: "" };
  const id = explain(told)?.id;
  const of = (language: "en" | "zh-CN"): string => (id === undefined ? WORDS[language].failure[told.code] : WORDS[language].answers[id]);
  const plain = (text: string): string => text.replaceAll(/\{\{(\w+)(?:, \w+)?\}\}/gu, "⟨$1⟩");
  return { en: plain(of("en")), zh: plain(of("zh-CN")) };
}
