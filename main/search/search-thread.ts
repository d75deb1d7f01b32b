import { parentPort, workerData } from "node:worker_threads";
import { asFailure } from "../../shared/failure.ts";
import { indexText } from "../mime/index-text.ts";
import { parseArrived } from "../mime/parse-arrived.ts";
import { answerPulse } from "../pulse.ts";
import { outlineDir, readBlob } from "../store/blobs.ts";
import { openReader } from "../store/database.ts";
import { find } from "./finder.ts";
import { missingMessages, openIndexFile } from "./index-file.ts";
import { Indexing } from "./indexing.ts";
import { Intake } from "./intake.ts";
import { PdfIntake } from "./pdf-intake.ts";
import { PdfReader } from "./pdf-reader.ts";
import type { FromSearchThread, SearchThreadData, ToSearchThread } from "./thread-messages.ts";

const port = parentPort;
if (port === null) throw new Error("the search thread is started by search.ts");
const data = workerData as SearchThreadData;
const { database, fresh } = openIndexFile(data.indexFile);
const store = openReader(data.storeFile);
const intake = new Intake(store, async (place, { readAs, vote }) => {
  const bytes = "hash" in place ? await readBlob(data.blobDir, place.hash) : await readBlob(outlineDir(data.blobDir), place.outline);
  const hints = { chosen: readAs ?? "", likely: data.likelyCharsets, history: vote ?? "" };
  return bytes === null ? null : indexText(parseArrived(bytes, hints).words);
});

const indexing = new Indexing(database, intake, {
  committed: (queueIds) => post({ kind: "indexed", queueIds, indexed: indexing.indexed, waiting: intake.waiting }),
  failed: (error) => post({ kind: "trouble", failure: asFailure(error).data() }),
  rested: () => void pdfs.rested().catch((error: unknown) => post({ kind: "trouble", failure: asFailure(error).data() })),
});

const pdfs = new PdfIntake({
  database,
  store,
  reader: new PdfReader(),
  load: (hash) => readBlob(data.blobDir, hash),
  likelyCharsets: data.likelyCharsets,
  busy: () => intake.waiting > 0,
});

function post(message: FromSearchThread): void {
  port?.postMessage(message);
}

async function close(): Promise<void> {
  await pdfs.close();
  indexing.close();
  store.close();
  database.close();
  port?.close();
}

answerPulse("search");
port.on("message", (message: ToSearchThread) => {
  switch (message.kind) {
    case "offer":
      for (const { messageId, text } of message.texts) intake.offer(messageId, text);
      indexing.offered();
      break;
    case "poke":
      indexing.wake();
      break;
    case "find": {
      const started = performance.now();
      try {
        const found = find(database, store, message.input);
        post({ kind: "found", id: message.id, found, tookMs: performance.now() - started });
      } catch (error) {
        post({ kind: "failed", id: message.id, failure: asFailure(error).data() });
      }
      break;
    }
    case "close":
      void close();
      break;
  }
});

post({ kind: "ready", fresh, indexed: indexing.indexed });
if (data.compare && !fresh) {
  for (const messageIds of missingMessages(database, store)) if (messageIds.length > 0) post({ kind: "missing", messageIds });
}
