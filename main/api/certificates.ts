import { Failure } from "../../shared/failure.ts";
import { lookAt } from "../line/look.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `certificates.${string}`>;

export function certificatesHandlers({ wayTried, workOffline }: Pick<Parts, "wayTried" | "workOffline">): Pick<Handlers, Names> {
  return {
    "certificates.look": ({ settings, side, accountId }) => {
      // Opening the settings asks for it, and nobody is called then.
      if (workOffline.read()) throw new Failure("working-offline");
      return lookAt(settings[side], side === "outgoing" ? "smtp" : settings.protocol, wayTried(settings, undefined, accountId));
    },
  };
}
