import { describe, expect, test } from "vitest";
import { answersEn } from "../../renderer/i18n/answers.en.ts";
import { answersZhCN } from "../../renderer/i18n/answers.zh-CN.ts";
import { MENDS } from "../../shared/answers/answer.ts";
import { type AnswerId, explain, KNOWN_ANSWERS, mendOf } from "../../shared/answers/table.ts";
import { FAILURE_CODES, Failure } from "../../shared/failure.ts";
import { asFailureOf } from "./as-failure.ts";
import { EXAMPLES } from "./examples.ts";

const ids = KNOWN_ANSWERS.map(({ id }) => id);
const blanks = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/gu)].map((match) => match[1] ?? "");

test("at least 120 answers are known, each under a name of its own", () => {
  expect(ids.length).toBeGreaterThanOrEqual(120);
  expect(new Set(ids).size).toBe(ids.length);
});

describe("each answer", () => {
  test.each(ids)("%s is recognised as it comes over the line, and taken for no other", (id) => {
    expect(explain(asFailureOf(EXAMPLES[id]).data())?.id).toBe(id);
  });

  test.each(ids)("%s says its cause and what to do, in both languages, with nothing left blank", (id) => {
    expect(answersEn[id]).toMatch(/^[A-Z0-9{i].{20,}[.)]$/u);
    expect(answersZhCN[id]).toMatch(/\p{Script=Han}.{6,}[。）]$/u);
    const { params } = asFailureOf(EXAMPLES[id]);
    for (const text of [answersEn[id], answersZhCN[id]]) for (const name of blanks(text)) expect(Object.keys(params), text).toContain(name);
  });

  test.each(ids)("%s has a mend that exists, and where that is a page, its address", (id) => {
    const { mend, page } = KNOWN_ANSWERS.find((one) => one.id === id) ?? {};
    expect(MENDS).toContain(mend);
    if (mend === "open-page") expect(page).toBeDefined();
    if (page !== undefined) expect(new URL(page).protocol).toBe("https:");
  });
});

test("no two answers say the same", () => {
  for (const texts of [answersEn, answersZhCN]) expect(new Set(Object.values(texts)).size).toBe(ids.length);
});

test("what nobody has seen before is explained by its code alone", () => {
  expect(explain(new Failure("refused-by-server", { serverWords: "NO quux" }).data())).toBeNull();
  expect(mendOf(new Failure("wrong-password", { serverWords: "NO quux" }).data())).toEqual({ mend: "enter-password", page: null });
});

test("what is said of a folder is not taken for a recipient or for a connection", () => {
  expect(explain(new Failure("folder-gone", { serverWords: "[NONEXISTENT] No such mailbox" }).data())).toBeNull();
  expect(explain(new Failure("folder-gone", { serverWords: "[TRYCREATE] Mailbox does not exist" }).data())).toBeNull();
  expect(explain(new Failure("refused-by-server", { serverWords: "[LIMIT] Twelve folders are enough" }).data())).toBeNull();
});

test("a provider's manners are not read into another server's words", () => {
  const words = { serverWords: "535 5.7.8 Error: authentication failed" };
  const of = (host: string): AnswerId | undefined => explain(new Failure("wrong-password", { params: { host }, ...words }).data())?.id;
  expect(of("smtp.163.com")).toBe("netease-code");
  expect(of("smtp.yandex.com")).toBe("yandex-app-password");
  expect(of("mail.harbour.example")).toBeUndefined();
  // A name that only ends alike is somebody else's.
  expect(of("smtp.not163.com")).toBeUndefined();
});

test("whoever is stopped or held has a button: each code that waits for the user has its mend", () => {
  const own = ["vault-locked", "vault-unavailable", "wrong-passphrase", "sending-locked", "tls-not-promised", "bulk-refused"];
  // Told in the form of the directory, beside the fields that mend it.
  own.push("directory-base", "directory-sign-in");
  for (const code of [...FAILURE_CODES.auth, ...FAILURE_CODES.untrusted, ...FAILURE_CODES.refused])
    if (!own.includes(code)) expect(mendOf({ code, params: {} }), code).not.toBeNull();
});
