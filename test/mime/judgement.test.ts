import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judgeMime4j } from "./judge/mime4j.ts";
import { REASONS, reasonFor } from "./judge/reasons.ts";
import { judgeStalwart } from "./judge/stalwart.ts";
import { agrees, isRight, judgementTable } from "./judge/table.ts";
import { corporaDir } from "./support/corpora.ts";

const dir = corporaDir();

describe.skipIf(dir === null)("messages whose right reading is known", () => {
  const mime = join(dir ?? "", "mime");
  const sets = dir === null ? {} : { Stalwart: judgeStalwart(join(mime, "stalwart")), mime4j: judgeMime4j(join(mime, "mime4j/testmsgs")) };
  const all = Object.values(sets).flat();
  const differing = all.filter((one) => !agrees(one));

  test("have subject, people, dates, words and files as expected, or a better reading: 98 of 100 at least", () => {
    const messages = all.filter(({ matter }) => matter !== "header line");
    expect(messages.filter(isRight).length / messages.length).toBeGreaterThanOrEqual(0.98);
    expect(messages.filter(agrees).length / messages.length).toBeGreaterThanOrEqual(0.95);
    expect(all.filter(isRight).length / all.length).toBeGreaterThanOrEqual(0.98);
  });

  test("are read otherwise only for a reason that is written down in docs/mime-judgement.md", async () => {
    expect(differing.filter(({ where }) => reasonFor(where) === undefined)).toEqual([]);
    expect(REASONS.filter(({ cases }) => !differing.some(({ where }) => cases.test(where)))).toEqual([]);
    await expect(judgementTable(sets)).toMatchFileSnapshot("../../docs/mime-judgement.md");
  });
});
