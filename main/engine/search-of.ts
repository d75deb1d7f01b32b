import { join } from "node:path";
import type { Failure } from "../../shared/failure.ts";
import { event } from "../api/serve.ts";
import { type Search, startSearch } from "../search/search.ts";
import { dropFromQueue, queueAll, queueMessages } from "../store/index-queue.ts";
import { blobDir, type Store, storeFile } from "../store/open.ts";
import type { EngineParts } from "./run-thread.ts";

/** The search thread over one store, fed from its queue. */
export function searchOf(
  store: Store,
  profileDir: string,
  { log, firstWindow }: EngineParts,
  likely: readonly string[],
  onTrouble: (failure: Failure) => void,
): Search {
  const { changes } = store;
  const search = startSearch({
    indexFile: join(profileDir, "search.db"),
    storeFile: storeFile(profileDir),
    blobDir: blobDir(profileDir),
    log,
    onIndexed: (queueIds) => dropFromQueue(store, queueIds),
    compare: store.unclean,
    likelyCharsets: likely,
    queueAll: () => queueAll(store),
    onMissing: (messageIds) => queueMessages(store, messageIds),
    onTrouble,
    startAfter: firstWindow?.drawn ?? Promise.resolve(),
    onProgress: (progress) => changes.tell(event("search.progressed", progress)),
  });
  // Headers without bodies, messages that went: whatever else is queued.
  changes.subscribe(({ event: name }) => {
    if (name === "folders.changed") search.poke();
  });
  return search;
}
