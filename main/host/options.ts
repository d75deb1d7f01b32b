import { parseArgs } from "node:util";

/** What may be said on the command line. */
export type HostOptions = {
  /** null: the system's place, or a throw-away one for the demo. */
  readonly profile: string | null;
  readonly language: string | null;
  readonly demo: boolean;
  /** Serve the loopback address, print it and open nothing. */
  readonly noWindow: boolean;
};

export const LANGUAGES = ["en", "zh-CN"] as const;

/** @throws Error with a sentence for the user when an option is unknown or its value is wrong */
export function readOptions(args: readonly string[]): HostOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      profile: { type: "string" },
      lang: { type: "string" },
      demo: { type: "boolean", default: false },
      "no-window": { type: "boolean", default: false },
    },
    strict: true,
    allowPositionals: false,
  });
  if (values.lang !== undefined && !LANGUAGES.some((language) => language === values.lang)) {
    throw new Error(`--lang knows ${LANGUAGES.join(" and ")}, not ${values.lang}`);
  }
  return { profile: values.profile ?? null, language: values.lang ?? null, demo: values.demo, noWindow: values["no-window"] };
}
