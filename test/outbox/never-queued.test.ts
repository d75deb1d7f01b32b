import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sweepFrozen } from "../../main/outbox/durable-file.ts";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { startKilled } from "./killed-run.ts";
import { openDesk } from "./support.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-never-queued-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const outbox = (): string[] => readdirSync(join(folder, "outbox")).sort();

test("a program killed between freezing and queuing leaves the draft and, after the next start, no file", async () => {
  const server = await FaultySmtp.start();
  const run = startKilled(folder, server.port, { hangsFrozen: true });
  const { frozen } = await run.says((said) => said.frozen !== undefined);
  await run.kill();
  expect(outbox()).toEqual([`${frozen}.eml`]);
  const desk = await openDesk(server.port, {}, folder);
  expect(outbox()).toEqual([]);
  const [draft] = desk.composing.drafts();
  expect(draft?.subject).toBe("Kill me");
  // Sent after all, its file stays as long as a row names it.
  if (draft === undefined) throw new Error("no draft");
  const { outboxId } = await desk.outbox.send(draft.id, desk.composing.open(draft.id).revision);
  await desk.until(() => desk.item(outboxId).state === "filed");
  await desk.close(true);
  const again = await openDesk(server.port, {}, folder);
  expect(outbox().length).toBe(1);
  expect((await again.outbox.source(outboxId)).toString()).toContain("Kill me");
  await again.close(true);
  await server.stop();
});

test("while rows may have been lost, a whole file is never taken for a leftover", async () => {
  const server = await FaultySmtp.start();
  const desk = await openDesk(server.port, {}, folder);
  await desk.close(true);
  const name = `${"5a".repeat(32)}.eml`;
  writeFileSync(join(folder, "outbox", name), "all that is left of a message");
  writeFileSync(join(folder, "outbox", "half.part"), "half");
  await (await openDesk(server.port, { rowsLost: true }, folder)).close(true);
  expect(outbox()).toEqual([name]);
  await (await openDesk(server.port, {}, folder)).close(true);
  expect(existsSync(join(folder, "outbox", name))).toBe(false);
  await server.stop();
});

test("whatever lies there: what a row names stays, what was never queued goes, and nothing else is touched", async () => {
  const hash = fc.stringMatching(/^[0-9a-f]{64}$/u);
  const file = fc.record({ hash, named: fc.boolean(), form: fc.constantFrom("whole", "whole", "half", "foreign") });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(file, { selector: (one) => one.hash, maxLength: 12 }), async (files) => {
      rmSync(join(folder, "outbox"), { recursive: true, force: true });
      mkdirSync(join(folder, "outbox"));
      const nameOf = (one: (typeof files)[number]): string =>
        one.form === "whole" ? `${one.hash}.eml` : one.form === "half" ? `${one.hash}.part` : `${one.hash}.txt`;
      for (const one of files) writeFileSync(join(folder, "outbox", nameOf(one)), one.hash);
      await sweepFrozen(folder, new Set(files.filter(({ named }) => named).map((one) => one.hash)));
      const kept = files.filter(({ form, named }) => form === "foreign" || (form === "whole" && named));
      expect(outbox()).toEqual(kept.map(nameOf).sort());
    }),
    { numRuns: 60 },
  );
});
