import { journalPage, retryOperations, takeBackOperations } from "../store/journal.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `journal.${string}`>;

export function journalHandlers({ store, accounts }: Parts): Pick<Handlers, Names> {
  return {
    "journal.page": (input) => journalPage(store, input),
    "journal.retry": ({ ids }) => {
      const count = retryOperations(store, ids);
      accounts.operationsAsked();
      return { count };
    },
    "journal.takeBack": ({ ids }) => {
      const count = takeBackOperations(store, ids);
      accounts.operationsAsked();
      return { count };
    },
  };
}
