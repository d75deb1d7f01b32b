import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `directory.${string}`>;

export function directoryHandlers({ directory }: Pick<Parts, "directory">): Pick<Handlers, Names> {
  return {
    "directory.find": async ({ text }) => {
      const { people, failure } = await directory.find(text);
      return { people: [...people], failure: failure?.data() ?? null };
    },
    "directory.read": () => ({ kept: directory.hasPassword() }),
    "directory.save": async ({ settings, password }) => {
      await directory.save(settings, password);
      return {};
    },
    "directory.test": async ({ settings, password }) => ({ found: await directory.test(settings, password) }),
  };
}
