import { lookAt } from "../line/look.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `certificates.${string}`>;

export function certificatesHandlers({ wayTried }: Parts): Pick<Handlers, Names> {
  return {
    "certificates.look": ({ settings, side, accountId }) =>
      lookAt(settings[side], side === "outgoing" ? "smtp" : settings.protocol, wayTried(settings, undefined, accountId)),
  };
}
