import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseBounce } from "../../main/mime/bounce.ts";
import { deliveryOf } from "../../main/store/deliveries.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { BOUNCE_TRUTH } from "../mime/support/bounce-truth.ts";
import { corporaDir } from "../mime/support/corpora.ts";
import { bodyOf, header, MINUTE, newMailbox, newProfile, START, type Wanted } from "./mailbox.ts";

const dir = corporaDir();
const ME = { name: "User One", address: "user1@example.test" };
const somebody = (address: string) => ({ name: "", address });

type Bounce = { readonly file: string; readonly bytes: Buffer; readonly recipients: readonly string[]; readonly originalId: string | null };

/** What a person would take for the original's Message-ID: the last one that stands in what the bounce returns, read by no part of the program. */
function originalIdIn(bytes: Buffer): string | null {
  const raw = bytes.toString("latin1");
  const end = raw.search(/\r?\n\r?\n/u);
  const idsIn = (text: string): string[] =>
    [...text.matchAll(/^[ \t>]*(?:[\w-]+-)?message-id:\s*<([^<>\s]+)>/gimu)].map(([, id = ""]) => id);
  const own = idsIn(raw.slice(0, end));
  return (
    idsIn(raw.slice(end))
      .filter((id) => !own.includes(id))
      .at(-1) ?? null
  );
}

function bounces(): Bounce[] {
  const recipients = new Map<string, string[]>();
  for (const line of BOUNCE_TRUTH.trim().split("\n")) {
    const [file = "", address = ""] = line.split(" ");
    if (address !== "-" && existsSync(join(dir ?? "", file))) recipients.set(file, [...(recipients.get(file) ?? []), address]);
  }
  return [...recipients].map(([file, people]) => {
    const bytes = readFileSync(join(dir ?? "", file));
    return { file, bytes, recipients: people, originalId: originalIdIn(bytes) };
  });
}

describe.skipIf(dir === null)("public bounces, each in a mailbox with other mail to the same people", () => {
  /** What each is tied to, with what was sent around it. @param sent all of it, the original as number 1 */
  function tiedTo(one: Bounce, sent: readonly Partial<Wanted>[]): number | null {
    const profile = newProfile();
    onTestFinished(() => profile.remove());
    const { folders } = newMailbox(profile.store);
    const rows = sent.map((wanted, at) => header({ uid: at + 1, from: ME, to: one.recipients.map(somebody), at: START, ...wanted }));
    const placed = ingestHeaders(profile.store, folders.sent, 1, rows);
    const report = parseBounce(one.bytes);
    const arrived = header({ uid: 90, at: START + MINUTE, subject: "Undelivered" });
    const [bounce] = ingestHeaders(profile.store, folders.inbox, 1, [arrived]);
    if (bounce === undefined || report === null) throw new Error(`${one.file} was not read`);
    const body = bodyOf(arrived, undefined, { report });
    ingestBodies(profile.store, [{ placementId: bounce.placementId, body }]);
    const original: PlacementId | undefined = deliveryOf(profile.store.db, bounce.placementId).report?.original?.placementId;
    const at = placed.findIndex(({ placementId }) => placementId === original);
    return original === undefined ? null : at + 1;
  }

  test("those that name the original are tied to it, and to none of its likes", () => {
    const naming = bounces().filter(({ originalId }) => originalId !== null);
    const wrong = naming.flatMap((one, at) => {
      const subject = parseBounce(one.bytes)?.original.subject ?? "";
      // One reader more than the bounce speaks of, and the same letter sent twice more, before and after.
      const to = [...one.recipients, "else@there.example"].map(somebody);
      const sent = [
        { id: one.originalId, subject, to },
        { id: `before-${at}@example.test`, subject, at: START - MINUTE },
        { id: `after-${at}@example.test`, subject, at: START + MINUTE / 2 },
        { id: `other-${at}@example.test`, subject: "Something else" },
      ];
      const tied = tiedTo(one, sent);
      return tied === 1 ? [] : [`${one.file}: ${tied}`];
    });
    console.log(`tied to the original they name: ${naming.length - wrong.length} of ${naming.length}`, wrong);
    expect(naming.length).toBeGreaterThan(70);
    // One is marked dmarc=fail by the server that took it in.
    expect(wrong.length).toBeLessThanOrEqual(naming.length * 0.03);
  });

  test("those that show no more than its subject are tied to the only letter of that subject to them; where two fit, to none", () => {
    const silent = bounces().filter(({ originalId }) => originalId === null);
    const counts = { right: 0, untied: 0, wrong: [] as string[] };
    for (const [at, one] of silent.entries()) {
      const subject = parseBounce(one.bytes)?.original.subject ?? "";
      const likes = [
        { id: `other-${at}@example.test`, subject: "Something else" },
        { id: `third-${at}@example.test`, subject, to: [somebody("else@there.example")] },
      ];
      const alone = tiedTo(one, [{ id: `sent-${at}@example.test`, subject: subject || "Lunch" }, ...likes]);
      const twice = tiedTo(one, [
        { id: `sent-${at}@example.test`, subject: subject || "Lunch" },
        { id: `again-${at}@example.test`, subject: subject || "Lunch", at: START - MINUTE },
        ...likes,
      ]);
      if (twice !== null || (alone ?? 1) !== 1 || (subject !== "" && alone === null)) counts.wrong.push(`${one.file}: ${alone}, ${twice}`);
      else if (alone === 1) counts.right += 1;
      else counts.untied += 1;
    }
    console.log(
      `of those that name no id: ${counts.right} tied by their subject, ${counts.untied} show nothing of it and stay untied`,
      counts.wrong,
    );
    expect(counts.wrong).toEqual([]);
    expect(counts.right).toBeGreaterThan(5);
  });
});
