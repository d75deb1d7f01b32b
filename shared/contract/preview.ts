import { z } from "zod";
import { placementId } from "../ids.ts";
import { request } from "./define.ts";
import { trick } from "./mail.ts";

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
};
