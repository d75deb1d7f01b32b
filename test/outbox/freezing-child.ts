import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "../../main/log.ts";
import type { FreezeJob } from "../../main/outbox/draft-jobs.ts";
import { DraftWorker } from "../../main/outbox/draft-worker.ts";
import { peakMemoryMb } from "../support/host-process.ts";

/*
 * Freezes a message with a small attachment, then one with a large one, in a process of its own. Says what its memory came to at most
 * after each, in MB, and what it froze.
 */
const [profileDir = "", megabytes = "60"] = process.argv.slice(2);
for (const folder of ["drafts", "outbox"]) mkdirSync(join(profileDir, folder), { recursive: true });
const worker = new DraftWorker(silentLog);

const PIECE = Buffer.alloc(1024 * 1024, "An attachment. ");

/** Written piece by piece: nothing of its size is in memory before. */
function attach(megabytes: number): FreezeJob["attachments"][number] {
  const sha = createHash("sha256");
  const part = join(profileDir, "drafts", "part");
  const file = openSync(part, "w");
  for (let at = 0; at < megabytes; at += 1) {
    PIECE.writeUInt32LE(at);
    sha.update(PIECE);
    writeSync(file, PIECE);
  }
  closeSync(file);
  const path = join(profileDir, "drafts", sha.digest("hex"));
  renameSync(part, path);
  return { name: "large.bin", type: "application/octet-stream", contentId: null, sizeBytes: megabytes * PIECE.length, path };
}

const base: Omit<FreezeJob, "attachments"> = {
  profileDir,
  from: { name: "", address: "user1@example.test" },
  to: [{ name: "", address: "b@example.test" }],
  cc: [],
  subject: "Large",
  html: "<p>See there</p>",
  quotePath: null,
  inReplyTo: null,
  references: [],
  messageId: "large@example.test",
  date: Date.UTC(2026, 10, 21),
  askReceipt: false,
  listUnsubscribe: null,
};
const large = attach(Number(megabytes));
// What the thread loads and warms up is not the large message's.
await worker.run({ kind: "freeze", job: { ...base, attachments: [attach(2)] } });
const before = peakMemoryMb(process.pid);
const frozen = await worker.run({ kind: "freeze", job: { ...base, attachments: [large] } });
process.stdout.write(`${JSON.stringify({ before, after: peakMemoryMb(process.pid), frozen })}\n`);
await worker.stop();
