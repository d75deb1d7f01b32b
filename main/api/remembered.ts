import { offeredCharset } from "../../shared/charsets.ts";
import type { Remembered } from "../../shared/contract/remembered.ts";
import { originalSenders, rememberOriginal } from "../store/original-colours.ts";
import { forgetPictures, rememberedPictures } from "../store/pictures.ts";
import { rememberSenderCharset, senderCharsets } from "../store/read-as.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

/** What is remembered of senders, to be seen and taken back. */
export function rememberedHandlers({ store }: Pick<Parts, "store">): Pick<Handlers, "remembered.list" | "remembered.forget"> {
  const list = (): Remembered => ({
    pictures: rememberedPictures(store.db),
    charsets: [...senderCharsets(store.db)]
      .flatMap(([address, charset]) => {
        const known = offeredCharset.safeParse(charset);
        return known.success ? [{ address, charset: known.data }] : [];
      })
      .sort((a, b) => a.address.localeCompare(b.address)),
    originals: originalSenders(store.db),
  });
  return {
    "remembered.list": list,
    "remembered.forget": (what) => {
      if (what.kind === "pictures") forgetPictures(store, what.scope, what.value);
      else if (what.kind === "charset") rememberSenderCharset(store, what.address, null);
      else rememberOriginal(store, what.address, false);
      return list();
    },
  };
}
