import { cardsOf } from "../../main/mime/calendar-parts.ts";
import { NO_HINTS } from "../../main/mime/charset-hints.ts";
import { indexText } from "../../main/mime/index-text.ts";
import { lackingPart, lastPart } from "../../main/mime/outline.ts";
import { parseAndHear } from "../../main/mime/parse-arrived.ts";
import { outlineDir, readBlob, writeBlob } from "../../main/store/blobs.ts";
import type { ParsePool, ParsePoolOptions } from "../../main/sync/parse-pool.ts";
import { Failure } from "../../shared/failure.ts";

/** A pool without threads, for tests that are not about them: a thread costs a second to start on a busy computer. */
export function parseHere({ blobDir }: ParsePoolOptions): ParsePool {
  const no = (): never => {
    throw new Error("this pool only takes mail in");
  };
  return {
    prepare: () => undefined,
    memoryFor: (sizeBytes) => new Uint8Array(sizeBytes),
    arrive({ bytes: raw, durable }) {
      const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
      const { hash, sizeBytes } = writeBlob(blobDir, bytes, { durable });
      const { summary, words, heard } = parseAndHear(bytes, NO_HINTS);
      const more = { hash, sizeBytes, indexText: indexText(words), readAs: null, heard, vote: null, learnt: heard.sure };
      return Promise.resolve({ ...summary, ...more });
    },
    arriveOutline({ bytes: raw, durable }, { parts }) {
      const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
      const lacking = parts === null ? null : lackingPart(bytes, parts);
      if (lacking !== null) return Promise.reject(new Failure("part-gone", { params: { part: lacking } }));
      const { hash, sizeBytes } = writeBlob(outlineDir(blobDir), bytes, { durable });
      const { summary, words, heard } = parseAndHear(bytes, NO_HINTS);
      const more = { hash, sizeBytes, indexText: indexText(words), readAs: null, heard, vote: null, learnt: heard.sure };
      return Promise.resolve({ ...summary, ...more, cut: parts === null ? lastPart(bytes) : "" });
    },
    read: no,
    front: no,
    quotable: no,
    async again(place) {
      const bytes = "hash" in place ? await readBlob(blobDir, place.hash) : null;
      if (bytes === null) throw new Failure("not-here-yet");
      const { summary, words, heard } = parseAndHear(bytes, NO_HINTS);
      return { ...summary, indexText: indexText(words), heard };
    },
    part: no,
    source: no,
    look: no,
    vouch: no,
    list: no,
    async calendars(place, inside, hints) {
      const bytes = "hash" in place ? await readBlob(blobDir, place.hash) : null;
      if (bytes === null) throw new Failure("not-here-yet");
      return cardsOf(bytes, inside, hints);
    },
    warm: no,
    inFlightBytes: 0,
    close: () => Promise.resolve(),
  };
}
