import { parentPort, workerData } from "node:worker_threads";
import { asFailure } from "../../shared/failure.ts";
import { parseArrived } from "../mime/parse-arrived.ts";
import { readBlob } from "../store/blobs.ts";
import { openReader } from "../store/database.ts";
import { find } from "./finder.ts";
import { documentCount, missingMessages, openIndexFile, removeDocuments, writeDocuments } from "./index-file.ts";
import { Intake, type Turn } from "./intake.ts";
import type { FromSearchThread, SearchThreadData, ToSearchThread } from "./thread-messages.ts";

/** No batch may keep a search waiting longer. */
const BATCH_MS = 50;
/**
 * How long a transaction stays open over several batches. Searches see what is in it; FTS5 writes a segment at each commit, and
 * few large ones are merged sooner than many small ones.
 */
const TRANSACTION_MS = 500;
/** How long nothing new must have come before messages known by their headers only are taken in. */
const IDLE_MS = 3000;

const port = parentPort;
if (port === null) throw new Error("the search thread is started by search.ts");
const data = workerData as SearchThreadData;
const { database, fresh } = openIndexFile(data.indexFile);
const store = openReader(data.storeFile);
const intake = new Intake(store, async (hash) => {
  const bytes = await readBlob(data.blobDir, hash);
  return bytes === null ? null : parseArrived(bytes).indexText;
});

let indexed = documentCount(database);
let batchSize = 32;
let working = false;
let askedAgain = false;
let idleTimer: NodeJS.Timeout | null = null;
let closed = false;

function post(message: FromSearchThread): void {
  port?.postMessage(message);
}

function writeTurns(turns: readonly Turn[]): void {
  const documents = turns.flatMap((turn) => turn.document ?? []);
  const started = performance.now();
  removeDocuments(
    database,
    turns.filter((turn) => turn.document === null).map((turn) => turn.messageId),
  );
  if (documents.length > 0) writeDocuments(database, documents);
  const tookMs = performance.now() - started;
  if (tookMs > BATCH_MS * 0.8) batchSize = Math.max(4, Math.floor(batchSize / 2));
  else if (tookMs < BATCH_MS * 0.4 && turns.length === batchSize) batchSize = Math.min(256, Math.ceil(batchSize * 1.3));
  indexed = documentCount(database);
}

let openSince: number | null = null;
/** Queue entries whose documents are in the open transaction. */
let uncommitted: number[] = [];

function begin(): void {
  if (openSince !== null) return;
  database.connection.exec("BEGIN");
  openSince = performance.now();
}

function commit(): void {
  if (openSince === null) return;
  database.connection.exec("COMMIT");
  openSince = null;
  post({ kind: "indexed", queueIds: uncommitted, indexed, waiting: intake.waiting });
  uncommitted = [];
}

function rollBack(): void {
  if (openSince !== null && database.connection.inTransaction) database.connection.exec("ROLLBACK");
  openSince = null;
  uncommitted = [];
  intake.startOver();
  indexed = documentCount(database);
}

/** Takes in what waits, batch by batch, and lets searches through in between. */
async function work(idle: boolean): Promise<void> {
  if (working) {
    askedAgain = true;
    return;
  }
  working = true;
  try {
    for (let turns = await intake.next(batchSize, idle); turns.length > 0 && !closed; turns = await intake.next(batchSize, idle)) {
      begin();
      writeTurns(turns);
      uncommitted.push(...turns.flatMap((turn) => turn.queueIds));
      if (openSince !== null && performance.now() - openSince > TRANSACTION_MS) commit();
      await new Promise((resume) => setImmediate(resume));
    }
    if (!closed) commit();
  } catch (error) {
    if (!closed) rollBack();
    post({ kind: "trouble", failure: asFailure(error).data() });
  } finally {
    working = false;
  }
  if (askedAgain && !closed) {
    askedAgain = false;
    void work(false);
  } else if (!idle && intake.waiting > 0) restartIdleTimer();
}

function restartIdleTimer(): void {
  if (idleTimer !== null) clearTimeout(idleTimer);
  idleTimer = setTimeout(() => void work(true), IDLE_MS);
}

function close(): void {
  commit();
  closed = true;
  if (idleTimer !== null) clearTimeout(idleTimer);
  store.close();
  database.close();
  port?.close();
}

port.on("message", (message: ToSearchThread) => {
  switch (message.kind) {
    case "offer":
      for (const { messageId, text } of message.texts) intake.offer(messageId, text);
      void work(false);
      break;
    case "poke":
      void work(false);
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
      close();
      break;
  }
});

post({ kind: "ready", fresh, indexed });
if (data.compare && !fresh) {
  for (const messageIds of missingMessages(database, store)) if (messageIds.length > 0) post({ kind: "missing", messageIds });
}
