import { secretForms } from "../secret-forms.ts";

/**
 * What every password, token and passphrase of the suite begins with, so that one that was left anywhere is recognised. The other two are
 * for codes in which providers allow letters only. `test/build/secrets.test.ts` sees to it that there are no others.
 */
export const MARKS = ["secret-", "secretsesame", "SECRETSESAME"] as const;

/** Satchel's own words and other people's that begin in the same way: Linux' store of keys, and what these tests are called. */
const INNOCENT = /^secret-(?:forms|service|portal|tool|key|agent)/u;
const SHOWN = 24;

const NEEDLES: readonly { readonly bytes: Buffer; readonly plain: boolean }[] = MARKS.flatMap((mark) => {
  const [plain = "", ...encoded] = secretForms(mark);
  return [
    { bytes: Buffer.from(plain, "latin1"), plain: true },
    // How browsers and Windows write text.
    { bytes: Buffer.from(plain, "utf16le"), plain: false },
    ...encoded.map((form) => ({ bytes: Buffer.from(form, "latin1"), plain: false })),
  ];
});

/** Longest form of a mark and what follows it: as much as two pieces of a file must have in common. */
export const OVERLAP = 64;

/** The secrets that stand in these bytes: as they are, as UTF-16 or in base64. @returns each with a few of the bytes after its mark */
export function secretsIn(bytes: Buffer): string[] {
  const found = new Set<string>();
  for (const { bytes: needle, plain } of NEEDLES) {
    for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + needle.length)) {
      const words = bytes.toString("latin1", at, at + SHOWN).replaceAll(/[^!-~]+/gu, " ");
      if (!plain || !INNOCENT.test(words)) found.add(words);
    }
  }
  return [...found];
}
