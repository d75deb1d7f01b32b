import { type Arguments, SyntaxRefusal } from "../arguments.ts";
import type { Message } from "../mailbox.ts";
import type { SelectedView } from "../selected-view.ts";
import { inSet, largestNamed, readSequenceSet } from "../sequence-set.ts";
import type { Session } from "../session.ts";

export interface Chosen {
  number: number;
  message: Message;
}

/** The view of a session in selected state. */
export function viewOf(session: Session): SelectedView {
  if (session.view === null) throw new SyntaxRefusal("select a mailbox first");
  return session.view;
}

/** Reads a message set and finds its messages. Unknown numbers are an error, unknown UIDs are not (RFC 3501 §6.4.8). */
export function readChosen(session: Session, from: Arguments, uid: boolean): Chosen[] {
  const view = viewOf(session);
  from.space();
  const set = readSequenceSet(from);
  const largest = uid ? (view.messages.at(-1)?.uid ?? 0) : view.messages.length;
  if (!uid && (largestNamed(set) > largest || largest === 0)) throw new SyntaxRefusal("no such message number");
  return view.messages.flatMap((message, index) =>
    inSet(set, uid ? message.uid : index + 1, largest) ? [{ number: index + 1, message }] : [],
  );
}
