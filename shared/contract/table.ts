import type { z } from "zod";
import { accountsEvents, accountsRequests } from "./accounts.ts";
import { attachmentsRequests } from "./attachments.ts";
import { bulkRequests } from "./bulk.ts";
import { calendarRequests } from "./calendar.ts";
import { careEvents, careRequests } from "./care.ts";
import { certificatesRequests } from "./certificates.ts";
import { composeEvents, composeRequests } from "./compose.ts";
import { deliveryRequests } from "./delivery.ts";
import { directoryRequests } from "./directory.ts";
import { foldersEvents, foldersRequests } from "./folders.ts";
import { healthEvents, healthRequests } from "./health.ts";
import { journalEvents, journalRequests } from "./journal.ts";
import { lockEvents, lockRequests } from "./lock.ts";
import { mailEvents, mailRequests } from "./mail.ts";
import { offlineRequests } from "./offline.ts";
import { outboxEvents, outboxRequests } from "./outbox.ts";
import { policyRequests } from "./policy.ts";
import { previewRequests } from "./preview.ts";
import { rememberedRequests } from "./remembered.ts";
import { searchEvents, searchRequests } from "./search.ts";
import { sendersEvents, sendersRequests } from "./senders.ts";
import { settingsEvents, settingsRequests } from "./settings.ts";
import { signInEvents, signInRequests } from "./sign-in.ts";
import { storyEvents, storyRequests } from "./story.ts";
import { tellEvents, tellRequests } from "./tell.ts";
import { unsubscribeRequests } from "./unsubscribe.ts";
import { vitalsRequests } from "./vitals.ts";
import { whyRequests } from "./why.ts";

/** Everything the window may ask of the engine. Nothing else crosses. */
export const requests = {
  ...accountsRequests,
  ...signInRequests,
  ...certificatesRequests,
  ...foldersRequests,
  ...mailRequests,
  ...previewRequests,
  ...attachmentsRequests,
  ...journalRequests,
  ...storyRequests,
  ...whyRequests,
  ...unsubscribeRequests,
  ...composeRequests,
  ...deliveryRequests,
  ...directoryRequests,
  ...calendarRequests,
  ...outboxRequests,
  ...bulkRequests,
  ...searchRequests,
  ...settingsRequests,
  ...sendersRequests,
  ...rememberedRequests,
  ...healthRequests,
  ...vitalsRequests,
  ...careRequests,
  ...offlineRequests,
  ...policyRequests,
  ...lockRequests,
  ...tellRequests,
};

/** Everything the engine tells unasked: ids and revisions, never mail, so that a lost or merged one does no harm. */
export const events = {
  ...accountsEvents,
  ...signInEvents,
  ...foldersEvents,
  ...mailEvents,
  ...journalEvents,
  ...storyEvents,
  ...composeEvents,
  ...outboxEvents,
  ...searchEvents,
  ...settingsEvents,
  ...sendersEvents,
  ...healthEvents,
  ...careEvents,
  ...lockEvents,
  ...tellEvents,
};

export type RequestName = keyof typeof requests;
/** What a handler receives. */
export type InputOf<N extends RequestName> = z.output<(typeof requests)[N]["input"]>;
export type OutputOf<N extends RequestName> = z.output<(typeof requests)[N]["output"]>;
export type EventName = keyof typeof events;
export type EventOf<N extends EventName> = z.output<(typeof events)[N]>;
