import type { Logger } from "imapflow";
import type { Log } from "../log.ts";

function field(entry: unknown, name: string): string | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const value: unknown = Reflect.get(entry, name);
  return typeof value === "string" ? value : undefined;
}

/**
 * The library's log as lines of ours. The dialogue (folder names, message ids; the library cuts passwords and tokens out) is debug;
 * there is no trace level, so that message rows are never turned into text.
 */
export function libraryLog(log: Log): Logger {
  const line = (entry: unknown) => ({ direction: field(entry, "src"), text: field(entry, "msg")?.slice(0, 500) });
  const cause = (entry: unknown) => {
    const error: unknown = typeof entry === "object" && entry !== null ? Reflect.get(entry, "err") : undefined;
    return { code: field(error, "code"), command: field(error, "command") };
  };
  return {
    debug: (entry: unknown) => log.debug("imap.dialogue", line(entry)),
    info: (entry: unknown) => log.debug("imap.library", line(entry)),
    warn: (entry: unknown) => log.debug("imap.warning", { ...line(entry), ...cause(entry) }),
    error: (entry: unknown) => log.info("imap.trouble", cause(entry)),
  };
}
