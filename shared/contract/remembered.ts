import { z } from "zod";
import { offeredCharset } from "../charsets.ts";
import { request } from "./define.ts";

/** What was remembered of senders by the user's own word, where a message offered to. Addresses and domains in lower case. */
export const remembered = z.object({
  /** Whose pictures are fetched unasked. */
  pictures: z.array(z.object({ scope: z.enum(["sender", "domain"]), value: z.string() })),
  /** Whose mail is read in another charset than it names. */
  charsets: z.array(z.object({ address: z.string(), charset: offeredCharset })),
  /** Whose mail is shown in its own colours in the dark as well. */
  originals: z.array(z.string()),
});
export type Remembered = z.infer<typeof remembered>;

const word = z.string().min(1).max(400);

export const rememberedRequests = {
  "remembered.list": request(z.object({}), remembered),
  /** Takes one back; what is left. A charset is taken back for what the sender writes from now on: what is here stays as it was read. */
  "remembered.forget": request(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("pictures"), scope: z.enum(["sender", "domain"]), value: word }),
      z.object({ kind: z.literal("charset"), address: word }),
      z.object({ kind: z.literal("original"), address: word }),
    ]),
    remembered,
  ),
};
