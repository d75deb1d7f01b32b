import { z } from "zod";
import { placementId } from "../ids.ts";
import { request } from "./define.ts";
import { listRow } from "./mail.ts";

/** How the system tells the user something while Satchel is not in front. */
export const tellRequests = {
  /** Those of them that are still there, in this order. */
  "tell.read": request(z.object({ placementIds: z.array(placementId).min(1).max(10) }), z.object({ messages: z.array(listRow) })),
  /** Shows it by the host and answers when it is gone: `clicked` when the user wants to see. `shown` false: this host cannot, the window's browser may. */
  "tell.show": request(
    z.object({ title: z.string().max(300), body: z.string().max(1000) }),
    z.object({ shown: z.boolean(), clicked: z.boolean() }),
  ),
  /** A number at the program's picture; 0 takes it away. */
  "tell.badge": request(z.object({ count: z.number().int().min(0) }), z.object({})),
};

export const tellEvents = {
  /** Mail has come into an inbox, gathered for some seconds; told once. The newest few by id, and how many there are. A locked engine names none: 0. */
  "tell.arrived": z.object({ id: z.number(), placementIds: z.array(placementId), count: z.number().int() }),
};
