import type { HookContext, HookedCommand, Instead } from "./server-state.ts";

/**
 * A real provider's manners, as far as mail programs stumble over them. Every line in the files under personalities/ says whether it was
 * recorded (in a transcript of such a server) or inferred (from documentation and reports).
 */
export interface Personality {
  readonly name: string;
  /** Wire names (modified UTF-7) and their special use. */
  readonly folders: Readonly<Record<string, string | null>>;
  readonly capabilities: readonly string[];
  /** What it offers before the login, where that is something else. */
  readonly beforeLogin?: readonly string[];
  /** After `* `. */
  readonly greeting?: string;
  /** Folders are labels: X-GM-EXT-1. */
  readonly labels?: boolean;
  /** What stands between the levels of the folder tree; a slash for nearly all. */
  readonly separator?: string;
  /** LIST names special uses although the server does not offer SPECIAL-USE. */
  readonly tellsSpecialUse?: boolean;
  /** The answer of NAMESPACE. */
  readonly namespace?: string;
  /** Flags that a STORE keeps; others are dropped without a word. `told`: PERMANENTFLAGS says so. */
  readonly keepsFlags?: { readonly only: readonly string[]; readonly told: boolean };
  /** A SEARCH with criteria answers as one without: all messages. */
  readonly searchFindsAll?: boolean;
  /** It puts a copy of what is sent into Sent by itself. */
  readonly filesSent?: boolean;
  readonly onCommand?: (command: HookedCommand, context: HookContext) => Instead | undefined;
}
