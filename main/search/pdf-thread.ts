import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parentPort } from "node:worker_threads";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

/** Pages and characters of one document that are taken in: beyond them it is a book, and its beginning finds it. */
const MOST_PAGES = 300;
const MOST_CHARACTERS = 400_000;

export type PdfJob = { readonly id: number; readonly bytes: Uint8Array };
export type PdfAnswer = { readonly id: number; readonly text: string };

const port = parentPort;
if (port === null) throw new Error("the PDF thread is started by pdf-reader.ts");

/** Character maps, which Chinese documents name instead of bringing them: with the window's files where it is built, else in the library. */
function characterMaps(): string {
  const built = fileURLToPath(new URL("../renderer/pdf/cmaps/", import.meta.url));
  if (existsSync(built)) return built;
  return join(dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json")), "cmaps/");
}

// The library would start a thread of its own, or look for one beside the bundle. It is in one already.
const library = import("pdfjs-dist/legacy/build/pdf.worker.mjs").then(({ WorkerMessageHandler }) => {
  Object.assign(globalThis, { pdfjsWorker: { WorkerMessageHandler } });
});
const cMapUrl = characterMaps();

/** The words of a document; "" for one that is locked, broken, or a picture of a page. */
async function wordsOf(data: Uint8Array): Promise<string> {
  await library;
  const task = getDocument({
    data,
    cMapUrl,
    cMapPacked: true,
    disableFontFace: true,
    useWasm: false,
    enableXfa: false,
    stopAtErrors: false,
    verbosity: 0,
  });
  try {
    const document = await task.promise;
    let text = "";
    for (let number = 1; number <= Math.min(document.numPages, MOST_PAGES) && text.length < MOST_CHARACTERS; number += 1) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      for (const item of items) if ("str" in item) text += item.hasEOL ? `${item.str}\n` : item.str;
      text += "\n";
      page.cleanup();
    }
    // A line of Chinese goes on in the next one without a sign.
    return text.slice(0, MOST_CHARACTERS).replace(/(\p{Script=Han})\n(?=\p{Script=Han})/gu, "$1");
  } catch {
    return "";
  } finally {
    await task.destroy();
  }
}

port.on("message", ({ id, bytes }: PdfJob) => {
  void wordsOf(bytes).then((text) => port.postMessage({ id, text } satisfies PdfAnswer));
});
