import { type Arguments, SyntaxRefusal } from "../arguments.ts";
import { Refusal } from "../refusal.ts";
import { readSearch, type SearchContext } from "../search.ts";
import { readReturn, searchAnswer } from "../search-answer.ts";
import type { Session } from "../session.ts";
import { viewOf } from "./chosen.ts";
import { announceModseq } from "./fetch.ts";
import type { CommandSpec } from "./table.ts";

export const searchCommands: Record<string, CommandSpec> = {
  SEARCH: { state: "selected", news: "no-expunge", run: search },
  "UID SEARCH": { state: "selected", news: "all", run: search },
};

function search(session: Session, from: Arguments, { tag, uid }: { tag: string; uid: boolean }): undefined {
  const view = viewOf(session);
  from.space();
  const returns = readReturn(from);
  if (returns !== null && !session.can("ESEARCH")) throw new SyntaxRefusal("ESEARCH is not offered");
  const context: SearchContext = { view, usesModseq: false, charset: readCharset(from) };
  const test = readSearch(from, context);
  if (context.usesModseq) announceModseq(session);
  const all = session.server.personality?.searchFindsAll === true;
  const hits = view.messages.flatMap((message, index) =>
    all || test(message, index + 1) ? [{ message, id: uid ? message.uid : index + 1 }] : [],
  );
  session.untagged(searchAnswer(hits, { tag, uid, modseq: context.usesModseq, returns }));
  return undefined;
}

function readCharset(from: Arguments): string {
  if (!from.take("CHARSET ")) return "utf-8";
  const charset = from.astring();
  from.space();
  if (!/^(utf-8|us-ascii)$/i.test(charset)) throw new Refusal("[BADCHARSET (US-ASCII UTF-8)] Unknown charset");
  return charset;
}
