import type { Arguments } from "../arguments.ts";
import type { Session } from "../session.ts";
import { accessCommands } from "./access.ts";
import { appendCommands } from "./append.ts";
import { copyCommands } from "./copy.ts";
import { expungeCommands } from "./expunge.ts";
import { fetchCommands } from "./fetch.ts";
import { folderCommands } from "./folders.ts";
import { idleCommands } from "./idle.ts";
import { listCommands } from "./list.ts";
import { searchCommands } from "./search.ts";
import { selectCommands } from "./select.ts";
import { storeCommands } from "./store.ts";

export interface CommandSpec {
  state: "any" | "greeted" | "user" | "selected";
  /** What the client is told of the mailbox's news before the tagged answer. EXPUNGE is forbidden in FETCH, STORE and SEARCH (RFC 3501 §7.4.1). */
  news: "all" | "no-expunge" | "none";
  /** The capability without which the command does not exist. */
  needs?: string;
  /** @returns text for the tagged OK */
  run(session: Session, from: Arguments, command: { tag: string; uid: boolean }): Promise<string | undefined> | string | undefined;
  /** Once the tagged answer is out. */
  after?(session: Session): void | Promise<void>;
}

export const COMMANDS: Readonly<Record<string, CommandSpec>> = {
  ...accessCommands,
  ...selectCommands,
  ...folderCommands,
  ...listCommands,
  ...appendCommands,
  ...fetchCommands,
  ...storeCommands,
  ...copyCommands,
  ...expungeCommands,
  ...searchCommands,
  ...idleCommands,
};
