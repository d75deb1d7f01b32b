import { z } from "zod";
import { address } from "../address.ts";
import { placementId } from "../ids.ts";
import { request } from "./define.ts";

/** One way to leave the list that a message came over, as its sender offers it (RFC 2369). */
export const unsubscribeWay = z.discriminatedUnion("kind", [
  /** The engine tells the sender's server once (RFC 8058). */
  z.object({ kind: z.literal("post"), host: z.string(), url: z.string() }),
  /** A mail of these words, and no others, goes to one address. */
  z.object({ kind: z.literal("mail"), from: address, to: z.string(), subject: z.string(), text: z.string() }),
  /** A page for the user's browser; nothing is done by Satchel. */
  z.object({ kind: z.literal("page"), host: z.string(), url: z.string() }),
]);
export type UnsubscribeWay = z.infer<typeof unsubscribeWay>;

/** What became of a request to leave a list. */
export const unsubscribeRequest = z.object({
  way: z.enum(["post", "mail"]),
  /** The server's name, or the address written to. */
  target: z.string(),
  /** ms UTC */
  askedAt: z.number(),
  /**
   * `waiting` for the line; `told`; `refused` by the server, `status` and `words` say how; `unknown`: the line died before its answer;
   * `unsigned`: the sender did not sign what it offers, so nobody was told; `lost`: the message went before that could be looked at.
   */
  state: z.enum(["waiting", "told", "refused", "unknown", "unsigned", "lost"]),
  /** Of the server's answer (RFC 9110); null without one. */
  status: z.number().int().nullable(),
  words: z.string(),
  /** It was asked for on this very message, not on another one of the list. */
  here: z.boolean(),
});
export type UnsubscribeRequest = z.infer<typeof unsubscribeRequest>;

export const unsubscribeRequests = {
  /** How to leave the list, the best first; nobody but DNS is asked. Empty when the message offers nothing. */
  "unsubscribe.look": request(
    z.object({ placementId }),
    z.object({
      ways: z.array(unsubscribeWay),
      /** Whether the sender's signature on the first way was looked at; without a network that is done later. */
      checked: z.boolean(),
      /** It passes itself off as something else, or is junk: an answer would tell that somebody reads it. */
      risky: z.boolean(),
      /** Others write on this list too. */
      discussion: z.boolean(),
    }),
  ),
  /** Leaves the list once; asked again for the same message, nothing more happens. */
  "unsubscribe.ask": request(z.object({ placementId, way: z.enum(["post", "mail"]) }), z.object({})),
};
