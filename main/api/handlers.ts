import { accountsHandlers } from "./accounts.ts";
import { composeHandlers } from "./compose.ts";
import { foldersHandlers } from "./folders.ts";
import { healthHandlers } from "./health.ts";
import { mailHandlers } from "./mail.ts";
import { outboxHandlers } from "./outbox.ts";
import type { Parts } from "./parts.ts";
import { searchHandlers } from "./search.ts";
import type { Handlers } from "./serve.ts";
import { settingsHandlers } from "./settings.ts";

/** All of the contract, answered. */
export function handlersOf(parts: Parts): Handlers {
  return {
    ...accountsHandlers(parts),
    ...foldersHandlers(parts),
    ...mailHandlers(parts),
    ...composeHandlers(parts),
    ...outboxHandlers(parts),
    ...searchHandlers(parts),
    ...settingsHandlers(parts),
    ...healthHandlers(parts),
  };
}
