import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Failure } from "../../shared/failure.ts";
import { calendarsOf } from "../mime/calendar-parts.ts";
import { composeAnswer } from "../mime/compose-answer.ts";
import { extractPart } from "../mime/part-bytes.ts";
import type { AnswerJob } from "./draft-jobs.ts";
import { type Frozen, freezeBytes } from "./freeze-message.ts";

/**
 * Composes the answer to an invitation from the invitation's own lines, and keeps it as a frozen message is kept.
 *
 * @throws Failure `not-here-yet` when the invitation's file is missing or damaged, `part-gone` when it is not in it, or of kind storage
 */
export async function answerInvitation({ profileDir, path, hash, readAs, uid, inside, index, ...answer }: AnswerJob): Promise<Frozen> {
  const raw = await readFile(path).catch((error: unknown) => {
    throw new Failure("not-here-yet", { cause: error });
  });
  if (createHash("sha256").update(raw).digest("hex") !== hash) throw new Failure("not-here-yet");
  const hints = { chosen: readAs ?? "", likely: [] };
  const event = calendarsOf(inside === null ? raw : extractPart(raw, inside, hints).bytes, hints)[index];
  if (event === undefined || event.event.uid !== uid) throw new Failure("part-gone", { params: { part: String(index) } });
  return await freezeBytes(profileDir, await composeAnswer({ ...answer, event }));
}
