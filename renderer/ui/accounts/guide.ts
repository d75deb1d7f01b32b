import i18next from "i18next";
import type { Wizard } from "../../state/wizard.ts";

/** Providers whose walkthrough has another name in the texts. */
const GUIDES: Record<string, string> = {
  "163": "netease",
  "126": "netease",
  yeah: "netease",
  "139": "mobile139",
  "189": "telecom189",
};

export type Guide = {
  readonly key: string;
  readonly name: string;
  readonly title: string;
  readonly lead: string;
  readonly steps: readonly { title: string; text: string }[];
};

/** How to get what this provider wants instead of the usual password, or null where that is all it wants. */
export function guideFor({ lookup, address, settings }: Pick<Wizard, "lookup" | "address" | "settings">): Guide | null {
  if (lookup === null || lookup.secret === "browser") return null;
  const key = guideKey(lookup.provider, lookup.secret);
  if (key === null) return null;
  const domain = address.slice(address.lastIndexOf("@") + 1);
  const protocol = (settings?.protocol ?? "imap").toUpperCase();
  const say = (part: string): string => i18next.t(`guides:${key}.${part}`, { domain, protocol });
  const steps = ["a", "b", "c", "d"].filter((step) => i18next.exists(`guides:${key}.steps.${step}.title`));
  return {
    key,
    name: say("name"),
    title: say("title"),
    lead: say("lead"),
    steps: steps.map((step) => ({ title: say(`steps.${step}.title`), text: say(`steps.${step}.text`) })),
  };
}

function guideKey(provider: string | null, secret: string): string | null {
  const key = provider === null ? null : (GUIDES[provider] ?? provider);
  if (key !== null && i18next.exists(`guides:${key}.title`)) return key;
  if (secret === "authorization-code") return "code";
  return secret === "app-password" ? "app" : null;
}
