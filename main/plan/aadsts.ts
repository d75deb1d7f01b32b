import type { FailureCode } from "../../shared/failure.ts";

/**
 * Microsoft's numbers for what went wrong with a sign-in, by what the user can do about it. They stand in the words of the answer
 * ("AADSTS700016: Application with identifier … was not found"); the OAuth error beside them says less.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes (read November 2026)
 */
const MEANINGS: readonly (readonly [FailureCode, readonly number[]])[] = [
  // Expired for want of use, password changed, taken back, or a second factor is asked for now.
  [
    "sign-in-revoked",
    [
      50_058, 50_072, 50_074, 50_076, 50_078, 50_079, 50_089, 50_132, 50_133, 50_173, 54_005, 65_002, 70_000, 70_008, 70_043, 70_044,
      135_010, 160_021, 700_003, 700_081, 700_082, 700_084,
    ],
  ],
  ["sign-in-denied", [65_004]],
  // The mailbox belongs to a company, and somebody there has to allow this program first.
  ["sign-in-needs-admin", [65_001, 65_005, 90_008, 90_093, 90_094, 90_095, 90_097, 650_052, 650_056, 650_057]],
  // Conditional access: this device, place or program may not.
  [
    "sign-in-policy",
    [50_005, 50_097, 50_105, 50_131, 50_158, 53_000, 53_001, 53_002, 53_003, 53_004, 53_010, 53_011, 530_002, 530_003, 530_032],
  ],
  // Another account than those of this organisation, disabled, or not there.
  ["sign-in-account", [16_000, 50_020, 50_034, 50_053, 50_055, 50_057, 50_177, 51_004, 90_072, 500_011, 500_200, 500_207, 500_208]],
  // What was registered for this program: unknown, its secret missing or run out, the redirect address another one.
  [
    "sign-in-client",
    [
      50_011, 50_194, 70_001, 70_011, 90_002, 90_013, 90_023, 100_007, 500_113, 700_016, 700_025, 700_038, 7_000_112, 7_000_215, 7_000_218,
      7_000_222, 9_002_325, 9_002_326, 9_002_327, 9_002_346,
    ],
  ],
  ["server-unavailable", [50_196, 90_006, 90_033, 90_055]],
];

const BY_NUMBER = new Map(MEANINGS.flatMap(([code, numbers]) => numbers.map((number) => [number, code] as const)));

/** What Microsoft's words mean; undefined where they hold no number that is known. */
export function aadstsMeaning(words: string): FailureCode | undefined {
  const number = /AADSTS(\d{4,8})\b/u.exec(words)?.[1];
  return number === undefined ? undefined : BY_NUMBER.get(Number(number));
}
