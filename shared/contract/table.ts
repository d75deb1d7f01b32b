import type { z } from "zod";
import { accountsEvents, accountsRequests } from "./accounts.ts";
import { composeEvents, composeRequests } from "./compose.ts";
import { foldersEvents, foldersRequests } from "./folders.ts";
import { healthEvents, healthRequests } from "./health.ts";
import { mailEvents, mailRequests } from "./mail.ts";
import { outboxEvents, outboxRequests } from "./outbox.ts";
import { searchEvents, searchRequests } from "./search.ts";
import { settingsEvents, settingsRequests } from "./settings.ts";

/** Everything the window may ask of the engine. Nothing else crosses. */
export const requests = {
  ...accountsRequests,
  ...foldersRequests,
  ...mailRequests,
  ...composeRequests,
  ...outboxRequests,
  ...searchRequests,
  ...settingsRequests,
  ...healthRequests,
};

/** Everything the engine tells unasked: ids and revisions, never mail, so that a lost or merged one does no harm. */
export const events = {
  ...accountsEvents,
  ...foldersEvents,
  ...mailEvents,
  ...composeEvents,
  ...outboxEvents,
  ...searchEvents,
  ...settingsEvents,
  ...healthEvents,
};

export type RequestName = keyof typeof requests;
/** What a handler receives. */
export type InputOf<N extends RequestName> = z.output<(typeof requests)[N]["input"]>;
export type OutputOf<N extends RequestName> = z.output<(typeof requests)[N]["output"]>;
export type EventName = keyof typeof events;
export type EventOf<N extends EventName> = z.output<(typeof events)[N]>;
