import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

export function careHandlers({ verification, log }: Parts): Pick<Handlers, "care.state" | "care.check"> {
  return {
    "care.state": () => verification.state,
    "care.check": () => {
      verification.start().catch((error: unknown) => log.error("care.check-failed", error));
      return {};
    },
  };
}
