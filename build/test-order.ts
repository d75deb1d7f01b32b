import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take longest on a fresh clone, where nobody has measured them yet. Below `test/`, the longest first. */
const LONG = [
  "sniff/sniff",
  "journeys/corpora",
  "sync/replay",
  "renderer/settings/axe",
  "renderer/accounts/wizard-journey",
  "store/random-mail",
  "renderer/mail/mail-journey",
  "renderer/mail/look-journey",
  "sync/killed-while-synchronising",
  "renderer/mail/reading-journey",
  "renderer/compose/writing-journey",
  "engine/host-killed",
  "journeys/demo",
  "journeys/offline-reading",
  "journeys/offline-sending",
  "journeys/add-account",
  "sync/gmail",
  "journeys/invitations",
  "journeys/pop3-restart",
  "sync/providers",
  "engine/browser-sign-in-real",
  "journeys/filing",
  "renderer/settings/settings-journey",
  "journeys/from-the-address",
  "loopback/main",
  "outbox/composing",
  "renderer/bulk/bulk-journey",
  "renderer/calendar/calendar-journey",
  "journeys/readiness",
  "journeys/profile-trouble",
  "journeys/pop3",
  "sync/folder-life",
  "journeys/bad-mail",
  "journeys/browser-sign-in",
  "journeys/pinned-certificate",
  "sync/journal",
  "renderer/journal/journal-journey",
  "renderer/outbox/outbox-journey",
  "sync/first-sync",
  "doctor/doctor",
  "outbox/outbox",
  "outbox/killed-while-held",
  "outbox/killed-while-sending",
  "outbox/bulk",
  "store/killed-while-repairing",
  "engine/pop3-killed",
  "sasl/real-servers",
  "journeys/where-it-went",
];

/**
 * Longest files first, so that none runs alone at the end while the other core has nothing to do. Those with a process of their own are before
 * them: whenever one of those comes next, a process that the others share ends, and its browser with it.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      if (project.config.isolate) return -1;
      const at = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at === -1 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
