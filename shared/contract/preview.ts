import { z } from "zod";
import { placementId } from "../ids.ts";
import { request } from "./define.ts";
import { trick } from "./mail.ts";

const word = z.string().max(200);

/** How an attachment can be looked at. What it is was decided by its bytes. */
export const preview = z.discriminatedUnion("kind", [
  /** `url` is a page for a frame that shows it and can do nothing else. */
  z.object({ kind: z.enum(["image", "audio", "video"]), url: z.string() }),
  /** `url` is the file. */
  z.object({ kind: z.literal("pdf"), url: z.string() }),
  z.object({ kind: z.literal("text"), text: z.string(), charset: z.string(), truncated: z.boolean(), lang: z.string() }),
  /** A mail: `mail.readInside` reads it. */
  z.object({ kind: z.literal("message") }),
  z.object({ kind: z.literal("none"), why: z.enum(["empty", "unknown", "too-large"]) }),
]);
export type Preview = z.infer<typeof preview>;

/** The words on a printed page that are not the message's own, in the window's language. */
const printWords = z.object({
  from: word,
  to: word,
  cc: word,
  sent: word,
  attachments: word,
  noSubject: word,
  unnamed: word,
  /** In the place of a message whose bytes are not here. */
  notHere: word,
});
export type PrintWords = z.infer<typeof printWords>;

/** Messages for the printer, in this order. */
const toPrint = z.object({ placementIds: z.array(placementId).min(1).max(500), words: printWords });

export const previewRequests = {
  /** Addresses are good for this session only. */
  "preview.look": request(
    z.object({ placementId, part: z.string().max(200) }),
    z.object({
      preview,
      /** What opening the file could do, the worst of it. */
      danger: trick.nullable(),
    }),
  ),
  /**
   * The bytes of an attached picture that is small enough to be made a mark of, as what they are; null for everything else. The window makes
   * the mark. The address is good for this session only.
   */
  "preview.thumbnail": request(z.object({ placementId, part: z.string().max(200) }), z.object({ url: z.string().nullable() })),
  /** A page with messages and a quiet head for each, to be printed by the window. It fetches no more than the messages themselves may. */
  "preview.print": request(toPrint, z.object({ url: z.string() })),
  /** The same page as a PDF where the user says; false when the user cancels. @throws Failure `not-supported` where the browser does it */
  "preview.savePdf": request(toPrint, z.object({ saved: z.boolean() })),
  /** Puts an attachment under the pointer that drags. @throws Failure `not-supported` where the browser does it */
  "preview.drag": request(z.object({ placementId, part: z.string().max(200) }), z.object({})),
};
