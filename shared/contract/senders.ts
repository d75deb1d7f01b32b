import { z } from "zod";
import { request } from "./define.ts";

/** `block`: goes to Junk on arrival. `allow`: Satchel never puts it there. Addresses and domains in lower case. */
export const senderRule = z.object({ scope: z.enum(["sender", "domain"]), value: z.string(), verdict: z.enum(["block", "allow"]) });
export type SenderRule = z.infer<typeof senderRule>;

/** Which rule put a message into Junk. */
export const blockedBy = z.object({ scope: z.enum(["sender", "domain"]), value: z.string() });
export type BlockedBy = z.infer<typeof blockedBy>;

const rules = z.object({ rules: z.array(senderRule) });
const word = z.string().min(1).max(400);

export const sendersRequests = {
  /** People before domains. */
  "senders.list": request(z.object({}), rules),
  /**
   * Blocks or allows one address, or everybody at one domain; what was said of the same one before is replaced, and null takes it back. `value` as
   * it was typed: an `@` before a domain is dropped.
   */
  "senders.judge": request(
    z.object({ scope: z.enum(["sender", "domain"]), value: word, verdict: z.enum(["block", "allow"]).nullable() }),
    rules,
  ),
};

export const sendersEvents = {
  "senders.changed": z.object({ revision: z.number() }),
};
