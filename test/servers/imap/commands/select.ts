import { type Arguments, SyntaxRefusal } from "../arguments.ts";
import { Refusal } from "../refusal.ts";
import { SelectedView } from "../selected-view.ts";
import { compressed, inSet, readSequenceSet, type SequenceSet } from "../sequence-set.ts";
import type { Session } from "../session.ts";
import type { CommandSpec } from "./table.ts";

export const selectCommands: Record<string, CommandSpec> = {
  SELECT: { state: "user", news: "none", run: (session, from) => select(session, from, false) },
  EXAMINE: { state: "user", news: "none", run: (session, from) => select(session, from, true) },
  CHECK: { state: "selected", news: "all", run: () => undefined },
  CLOSE: { state: "selected", news: "none", run: close },
  UNSELECT: {
    state: "selected",
    news: "none",
    needs: "UNSELECT",
    run: (session) => {
      session.view = null;
      return undefined;
    },
  },
};

interface Resync {
  uidValidity: number;
  modseq: number;
  known: SequenceSet | null;
}

function select(session: Session, from: Arguments, readOnly: boolean): string {
  from.space();
  const name = from.astring();
  const resync = from.take(" ") ? readParameters(session, from) : null;
  from.end();
  if (session.view !== null && session.enabled.has("QRESYNC")) session.untagged("* OK [CLOSED] Previous mailbox closed");
  session.view = null;
  const mailbox = session.store.find(name);
  if (mailbox === undefined) throw new Refusal("[NONEXISTENT] No such mailbox");
  const view = new SelectedView(mailbox, readOnly);
  session.view = view;

  const keywords = new Set(mailbox.messages.flatMap(({ flags }) => [...flags].filter((flag) => !flag.startsWith("\\"))));
  const flags = ["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft", ...keywords].join(" ");
  session.untagged(`* FLAGS (${flags})`);
  const keeps = session.server.personality?.keepsFlags;
  const permanent = keeps?.told === true ? keeps.only.join(" ") : `${flags} \\*`;
  session.untagged(`* OK [PERMANENTFLAGS (${readOnly ? "" : permanent})] Flags permitted`);
  session.untagged(`* ${view.messages.length} EXISTS`);
  session.untagged(`* ${view.recent.size} RECENT`);
  const unseen = view.messages.findIndex((message) => !message.flags.has("\\Seen")) + 1;
  if (unseen > 0) session.untagged(`* OK [UNSEEN ${unseen}] First unseen`);
  session.untagged(`* OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs valid`);
  session.untagged(`* OK [UIDNEXT ${mailbox.uidNext}] Next UID`);
  if (session.can("CONDSTORE")) session.untagged(`* OK [HIGHESTMODSEQ ${mailbox.highestModseq}] Highest`);
  if (session.can("OBJECTID")) session.untagged(`* OK [MAILBOXID (${mailbox.id})] Ok`);
  if (resync !== null && resync.uidValidity === mailbox.uidValidity) catchUp(session, view, resync);
  return readOnly ? "[READ-ONLY] Examined" : "[READ-WRITE] Selected";
}

function readParameters(session: Session, from: Arguments): Resync | null {
  let resync: Resync | null = null;
  from.list(() => {
    const name = from.atom().toUpperCase();
    if (name === "CONDSTORE" && session.can("CONDSTORE")) session.enabled.add("CONDSTORE");
    else if (name === "QRESYNC" && session.enabled.has("QRESYNC")) {
      from.space();
      resync = readResync(from);
    } else throw new SyntaxRefusal(`unknown parameter ${name}`);
  });
  return resync;
}

/** `(uidvalidity modseq [known-uids] [(known-sequences known-uids)])` (RFC 7162 §3.2.5). The last only saves bytes and is not used. */
function readResync(from: Arguments): Resync {
  from.need("(");
  const uidValidity = from.number();
  from.space();
  const modseq = from.number();
  const known = from.match(/ (?=\d)/) === null ? null : readSequenceSet(from);
  if (from.take(" ")) {
    from.need("(");
    readSequenceSet(from);
    from.space();
    readSequenceSet(from);
    from.need(")");
  }
  from.need(")");
  return { uidValidity, modseq, known };
}

function catchUp(session: Session, view: SelectedView, { modseq, known }: Resync): void {
  const gone = view.mailbox.vanished.filter(
    (one) => one.modseq > modseq && (known === null || inSet(known, one.uid, view.mailbox.uidNext - 1)),
  );
  if (gone.length > 0) session.untagged(`* VANISHED (EARLIER) ${compressed(gone.map(({ uid }) => uid).sort((a, b) => a - b))}`);
  for (const [index, message] of view.messages.entries()) {
    if (message.modseq <= modseq || (known !== null && !inSet(known, message.uid, view.mailbox.uidNext - 1))) continue;
    session.untagged(`* ${index + 1} FETCH (UID ${message.uid} ${view.flags(message)} MODSEQ (${message.modseq}))`);
  }
}

/** RFC 3501 §6.4.2: CLOSE expunges everything that anybody flagged \Deleted. */
function close(session: Session): undefined {
  if (session.view !== null && !session.view.readOnly) session.view.mailbox.expunge(({ flags }) => flags.has("\\Deleted"));
  session.view = null;
  return undefined;
}
