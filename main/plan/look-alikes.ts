/** Letters of other scripts that look like Latin ones, small letters only: domains know no others (UTS #39, the commonest). */
const LOOKS: Readonly<Record<string, string>> = {
  а: "a",
  ӓ: "a",
  е: "e",
  ё: "e",
  є: "e",
  һ: "h",
  і: "i",
  ї: "i",
  ј: "j",
  к: "k",
  ӏ: "l",
  м: "m",
  о: "o",
  р: "p",
  ԛ: "q",
  с: "c",
  ѕ: "s",
  т: "t",
  у: "y",
  ү: "y",
  х: "x",
  ԁ: "d",
  ԝ: "w",
  п: "n",
  г: "r",
  в: "b",
  н: "h",
  α: "a",
  ε: "e",
  η: "n",
  ι: "i",
  κ: "k",
  ν: "v",
  ο: "o",
  ρ: "p",
  τ: "t",
  υ: "u",
  χ: "x",
  γ: "y",
  ω: "w",
  σ: "o",
  ո: "n",
  ս: "u",
  օ: "o",
  հ: "h",
  ց: "g",
  զ: "q",
  ı: "i",
  ɡ: "g",
  ɑ: "a",
  ⅼ: "l",
}; // prettier-ignore

const LATIN = /\p{Script=Latin}/u;
const IMITATING = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/**
 * What a domain in Unicode passes itself off as: it mixes Latin letters with others that look like them, or consists of such others only.
 * Domains in Chinese, Japanese, Korean, Arabic or honest Cyrillic imitate nothing.
 *
 * @returns the Latin it looks like; null when it is what it looks like
 */
export function imitatedDomain(domain: string): string | null {
  let imitates = false;
  const labels = domain.toLowerCase().split(".");
  const looks = labels.map((label) => {
    const look = [...label].map((letter) => LOOKS[letter] ?? letter).join("");
    if (look === label) return label;
    const mixed = LATIN.test(label) && IMITATING.test(label);
    // The top-level domain tells: Cyrillic words stand under .рф and .com alike, but then not all of their letters look Latin.
    const whole = /^[a-z0-9-]+$/u.test(look) && /^[a-z0-9-]+$/u.test(labels.at(-1) ?? "");
    if (mixed || whole) imitates = true;
    return look;
  });
  return imitates ? looks.join(".") : null;
}

/** Letters and figures of ASCII that are taken for one another, longer ones first: what is left of a name is how it looks. */
const SAME_LOOK: readonly (readonly [RegExp, string])[] = [
  [/rn/gu, "m"],
  [/vv/gu, "w"],
  [/cl/gu, "d"],
  [/0/gu, "o"],
  // A capital i is a small L to the eye, and addresses are shown in whatever letters they were written.
  [/[1i|]/gu, "l"],
  [/5/gu, "s"],
];

/** How a domain looks at a glance. */
function look(domain: string): string {
  return SAME_LOOK.reduce((text, [pattern, looks]) => text.replace(pattern, looks), domain.toLowerCase());
}

/**
 * The known domain that a domain passes itself off as by letters that look the same: "rnail.example" for "mail.example".
 * @returns null when there is none, and for a domain that is known itself
 */
export function imitatedKnown(domain: string, known: readonly string[]): string | null {
  if (domain === "" || known.includes(domain)) return null;
  const looks = look(domain);
  return known.find((one) => one !== domain && look(one) === looks) ?? null;
}
