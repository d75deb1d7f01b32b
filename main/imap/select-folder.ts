import { Failure } from "../../shared/failure.ts";
import { responseCode } from "./command-line.ts";
import type { Session } from "./session.ts";

export type Selected = {
  readonly path: string;
  readonly readOnly: boolean;
  readonly uidValidity: number;
  /** 0 when the server does not say. */
  readonly uidNext: number;
  readonly highestModseq: number | null;
  readonly messages: number;
  /** Flags that can be changed for good; null = the server did not say, all of them. */
  readonly permanentFlags: readonly string[] | null;
};

/**
 * Opens a folder on this connection: EXAMINE for reading, SELECT only to change something in it. Always asks the server, so that the
 * answer is fresh. Left by opening another one or by logging out, never by CLOSE, which expunges what any program marked \Deleted
 * (RFC 9051 §6.4.1).
 */
export async function openFolder(session: Session, path: string, mode: "read" | "write"): Promise<Selected> {
  session.selected = null;
  const codes = new Map<string, string[]>();
  let messages = 0;
  const answer = await session.send(mode === "read" ? "EXAMINE" : "SELECT", [session.wireName(path)], {
    OK(line) {
      const [name, ...values] = responseCode(line);
      if (name !== undefined) codes.set(name.toUpperCase(), values);
    },
    EXISTS(line) {
      messages = Number(line.command) || 0;
    },
    FLAGS() {},
  });
  const one = (name: string) => Number(codes.get(name)?.[0] ?? "0") || 0;
  const uidValidity = one("UIDVALIDITY");
  // RFC 9051 §7.1: without it the UIDs of this folder mean nothing from one session to the next.
  if (uidValidity === 0) throw new Failure("bad-reply", { params: { folder: path } });
  const highestModseq = codes.has("NOMODSEQ") ? 0 : one("HIGHESTMODSEQ");
  const selected: Selected = {
    path,
    readOnly: mode === "read" || responseCode(answer)[0]?.toUpperCase() === "READ-ONLY",
    uidValidity,
    uidNext: one("UIDNEXT"),
    highestModseq: highestModseq > 0 ? highestModseq : null,
    messages,
    permanentFlags: codes.get("PERMANENTFLAGS") ?? null,
  };
  session.selected = selected;
  return selected;
}

/** As `openFolder`, unless the connection has the folder open that way already. */
export async function ensureFolder(session: Session, path: string, mode: "read" | "write"): Promise<Selected> {
  const { selected } = session;
  if (selected && selected.path === path && (mode === "read" || !selected.readOnly)) return selected;
  return openFolder(session, path, mode);
}

/** Whether the folder takes this flag: a server silently forgets those it does not list (RFC 9051 §7.1, PERMANENTFLAGS). */
export function keepsFlag(selected: Selected, flag: string): boolean {
  if (selected.permanentFlags === null) return true;
  return selected.permanentFlags.some((one) => one === "\\*" || one.toLowerCase() === flag.toLowerCase());
}
