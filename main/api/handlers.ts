import { accountsHandlers } from "./accounts.ts";
import { bulkHandlers } from "./bulk.ts";
import { calendarHandlers } from "./calendar.ts";
import { careHandlers } from "./care.ts";
import { certificatesHandlers } from "./certificates.ts";
import { composeHandlers } from "./compose.ts";
import { deliveryHandlers } from "./delivery.ts";
import { directoryHandlers } from "./directory.ts";
import { dragHandlers } from "./drag.ts";
import { foldersHandlers } from "./folders.ts";
import { healthHandlers } from "./health.ts";
import { journalHandlers } from "./journal.ts";
import { lockHandlers } from "./lock.ts";
import { mailHandlers } from "./mail.ts";
import { offlineHandlers } from "./offline.ts";
import { outboxHandlers } from "./outbox.ts";
import type { Parts } from "./parts.ts";
import { previewHandlers } from "./preview.ts";
import { printHandlers } from "./print.ts";
import { rememberedHandlers } from "./remembered.ts";
import { searchHandlers } from "./search.ts";
import { sendersHandlers } from "./senders.ts";
import type { Handlers } from "./serve.ts";
import { settingsHandlers } from "./settings.ts";
import { signInHandlers } from "./sign-in.ts";
import { storyHandlers } from "./story.ts";
import { tellHandlers } from "./tell.ts";
import { unsubscribeHandlers } from "./unsubscribe.ts";
import { vitalsHandlers } from "./vitals.ts";
import { whyHandlers } from "./why.ts";

/** All of the contract, answered. */
export function handlersOf(parts: Parts): Handlers {
  return {
    ...accountsHandlers(parts),
    ...signInHandlers(parts),
    ...certificatesHandlers(parts),
    ...foldersHandlers(parts),
    ...mailHandlers(parts),
    ...previewHandlers(parts),
    ...printHandlers(parts),
    ...dragHandlers(parts),
    ...journalHandlers(parts),
    ...composeHandlers(parts),
    ...deliveryHandlers(parts),
    ...directoryHandlers(parts),
    ...calendarHandlers(parts),
    ...outboxHandlers(parts),
    ...bulkHandlers(parts),
    ...searchHandlers(parts),
    ...storyHandlers(parts),
    ...whyHandlers(parts),
    ...unsubscribeHandlers(parts),
    ...settingsHandlers(parts),
    ...rememberedHandlers(parts),
    ...sendersHandlers(parts),
    ...healthHandlers(parts),
    ...vitalsHandlers(parts),
    ...lockHandlers(parts),
    ...careHandlers(parts),
    ...offlineHandlers(parts),
    ...tellHandlers(parts),
  };
}
