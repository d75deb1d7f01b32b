import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take longest on a fresh clone, where nobody has measured them yet. Below `test/`, the longest first. */
const LONG = [
  "sniff/sniff",
  "journeys/corpora",
  "renderer/settings/axe",
  "renderer/compose/writing-journey",
  "renderer/accounts/wizard-journey",
  "renderer/mail/reading-journey",
  "renderer/mail/mail-journey",
  "renderer/mail/look-journey",
  "journeys/where-it-went",
  "sasl/real-servers",
  "doctor/doctor",
  "engine/host-killed",
  "engine/pop3-killed",
  "store/killed-while-repairing",
  "store/gmail-labels",
  "store/verification",
  "journeys/profile-trouble",
  "renderer/journal/journal-journey",
  "engine/idle",
  "engine/chinese-providers",
  "outbox/killed-while-held",
  "outbox/killed-while-sending",
  "engine/browser-sign-in-real",
  "journeys/pop3-restart",
  "journeys/add-account",
  "journeys/from-the-address",
  "journeys/demo",
];

/** Longest files first, so that none runs alone at the end while the other core has nothing to do. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at === -1 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
