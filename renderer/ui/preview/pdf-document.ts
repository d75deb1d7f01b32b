import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from "pdfjs-dist";

/** A picture in a document is not painted when it has more pixels: some are made to fill all memory. */
const MOST_PIXELS = 100_000_000;

/** What the library reads besides the document lies with the window's own files. */
const FOLDERS: Readonly<Record<string, string>> = { cMapUrl: "pdf/cmaps/", standardFontDataUrl: "pdf/fonts/", wasmUrl: "pdf/codecs/" };
const own = (path: string): string => new URL(path, document.baseURI).href;

GlobalWorkerOptions.workerSrc = own("pdf/reader/pdf.worker.min.mjs");

/** Fetched by the window, so that the thread that reads the document need not be able to fetch anything. */
class OwnFiles {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const folder = FOLDERS[kind];
    // The name of a character map comes out of the document.
    if (folder === undefined || !/^[\w-]+(?:\.\w+)?$/u.test(filename)) throw new Error("not a file of the window's");
    const answer = await fetch(own(`${folder}${filename}`));
    if (!answer.ok) throw new Error(`${filename} is not there`);
    return new Uint8Array(await answer.arrayBuffer());
  }
}

export type OpenPdf = { readonly document: PDFDocumentProxy; close(): void };

/**
 * Opens a document in a thread of its own. Its scripts, forms and actions are not carried out: nothing here knows how.
 * @throws Error named `PasswordException` when it is locked, of other names when it cannot be read
 */
export async function openPdf(url: string): Promise<OpenPdf> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error("the file is not there");
  const task = getDocument({
    data: new Uint8Array(await answer.arrayBuffer()),
    cMapUrl: own("pdf/cmaps/"),
    cMapPacked: true,
    standardFontDataUrl: own("pdf/fonts/"),
    wasmUrl: own("pdf/codecs/"),
    // WebAssembly would need a right that the window's policy gives to nobody; the same decoders are there without it.
    useWasm: false,
    useWorkerFetch: false,
    BinaryDataFactory: OwnFiles,
    enableXfa: false,
    maxImageSize: MOST_PIXELS,
    // It says on the console what is wrong with documents of strangers.
    verbosity: 0,
  });
  const close = (): void => void task.destroy().catch(() => undefined);
  try {
    return { document: await task.promise, close };
  } catch (error) {
    close();
    throw error;
  }
}
