import { asFailure } from "../../shared/failure.ts";
import { atom, strings } from "./command-line.ts";
import type { Session } from "./session.ts";

/**
 * Asked before anything of a message leaves for a folder.
 * @returns what the server takes at most, bytes, where the message is larger; null: it may go
 */
export async function limitBelow(session: Session, path: string, sizeBytes: number): Promise<number | null> {
  const limitBytes = await readLimit(session, path);
  return limitBytes !== null && sizeBytes > limitBytes ? limitBytes : null;
}

/** What a message may have that is put into a folder, bytes; null: nothing is said. */
export async function readLimit(session: Session, path: string): Promise<number | null> {
  const { appendLimit } = session.abilities;
  return appendLimit === "by-folder" ? limitOf(session, path) : appendLimit;
}

/** RFC 7889 §3.1: folders may differ, and then they are asked. Null = nothing is said. */
async function limitOf(session: Session, path: string): Promise<number | null> {
  let limit: number | null = null;
  try {
    await session.send("STATUS", [session.wireName(path), [atom("APPENDLIMIT")]], {
      STATUS(answer) {
        const [, items] = answer.attributes ?? [];
        if (!Array.isArray(items)) return;
        const at = items.findIndex((item) => strings(item)[0]?.toUpperCase() === "APPENDLIMIT");
        const value = at < 0 ? Number.NaN : Number(strings(items[at + 1])[0]);
        if (Number.isSafeInteger(value) && value > 0) limit = value;
      },
    });
  } catch (error) {
    const { kind } = asFailure(error);
    if (kind !== "refused" && kind !== "gone") throw error;
  }
  return limit;
}
