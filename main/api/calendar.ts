import { looksLikeAddress } from "../../shared/address.ts";
import type { Attendee, CalendarEvent, Invitation } from "../../shared/contract/calendar.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { PlacementId } from "../../shared/ids.ts";
import {
  answeredInside,
  answersOfOthers,
  changesOf,
  type KnownVersion,
  noAnswerTo,
  occurrenceOf,
  originalOf,
  standingOf,
  versionOf,
} from "../plan/invitations.ts";
import { rememberContact } from "../store/contacts.ts";
import { readSenders } from "../store/drafts.ts";
import { type AskingMessage, answersTo, askingMessage, hasVersions, keepVersions, shownAt, versionsOf } from "../store/invitations.ts";
import type { CalendarResult } from "../sync/parse-jobs.ts";
import type { Parts } from "./parts.ts";
import { hintsFor, wantingAll, whileReadable, windowLanguage } from "./reading.ts";
import type { Handlers } from "./serve.ts";

type Names = Extract<keyof Handlers, `calendar.${string}`>;

/** Attendees that the window is told of. */
const MOST_SHOWN = 200;

export function calendarHandlers(parts: Parts): Pick<Handlers, Names> {
  return {
    "calendar.read": async ({ placementId, inside = null }) => {
      const { asking, events, contacts, cards } = await readCalendars(parts, placementId, inside);
      return { invitations: events.map((event) => invitationOf(parts, asking, event, inside !== null)), contacts, cards };
    },
    "calendar.answer": async ({ placementId, inside = null, index, answer, comment }) => {
      const { asking, events } = await readCalendars(parts, placementId, inside);
      const event = events[index];
      if (event === undefined) throw new Failure("part-gone", { params: { part: String(index) } });
      // What cannot be answered has no buttons; whoever asks all the same is told nothing that the card does not say.
      const { noAnswer, you } = invitationOf(parts, asking, event, inside !== null);
      if (noAnswer !== null) throw new Failure("invalid-input", { params: { what: noAnswer } });
      const lang = windowLanguage(parts);
      return await wantingAll(parts, placementId, () =>
        parts.invitations.answer({ placementId, inside, event, index, you, answer, comment, lang }),
      );
    },
    "calendar.remember": ({ person }) => {
      if (!looksLikeAddress(person.address)) throw new Failure("bad-address", { params: { address: person.address } });
      rememberContact(parts.store, { name: person.name.slice(0, 200), address: person.address }, parts.store.clock());
      return {};
    },
  };
}

async function readCalendars(
  parts: Parts,
  placementId: PlacementId,
  inside: string | null = null,
): Promise<{ asking: AskingMessage } & CalendarResult> {
  const { store, pool } = parts;
  const asking = askingMessage(store.db, placementId);
  if (asking === undefined) throw new Failure("message-gone");
  const read = await whileReadable(parts, placementId, inside, (place) => pool.calendars(place, inside, hintsFor(parts, placementId)));
  const versions = read.events.flatMap((event) => versionOf(event) ?? []);
  // Mail that came before Satchel knew calendars tells of its events when it is opened.
  if (inside === null && versions.length > 0 && !hasVersions(store.db, asking.messageId)) {
    try {
      store.db.write((tx) => keepVersions(tx, { id: asking.messageId, accountId: asking.accountId, sender: asking.sender }, versions));
    } catch (error) {
      // It can be read all the same; the disk's own trouble is shown elsewhere.
      parts.log.warn("calendar.not-kept", { code: asFailure(error).code });
    }
  }
  return { asking, ...read };
}

function invitationOf(parts: Parts, asking: AskingMessage, event: CalendarEvent, inside: boolean): Invitation {
  const { db } = parts.store;
  const known = event.uid === "" ? [] : versionsOf(db, event.uid);
  const { sender } = asking;
  const standing = standingOf(event, sender, known);
  const you = ownAddress(parts, asking, event);
  const attendees = withAnswers(event, you.organiser ? known : []);
  const organiser = event.organiser?.address.toLowerCase() ?? "";
  const shown = [...attendees].sort((a, b) => Number(isYou(b, you.address)) - Number(isYou(a, you.address))).slice(0, MOST_SHOWN);
  const count = (state: Attendee["state"]): number => attendees.filter((one) => one.state === state).length;
  const noAnswer = noAnswerTo(event, you, standing.kind, asking.role === "junk");
  const passedOn = inside && noAnswer === null && !answeredInside(event, sender, ownAddresses(parts));
  return {
    ...event,
    attendees: shown,
    people: { all: attendees.length, accepted: count("accepted"), tentative: count("tentative"), declined: count("declined") },
    standing: standing.kind === "current" ? standing : { kind: standing.kind, newest: shownAt(db, standing.newest) },
    changes: changesOf(event, sender, known),
    you: you.address,
    noAnswer: passedOn ? "inside" : noAnswer,
    organiserElsewhere: organiser !== "" && organiser !== sender.toLowerCase(),
    original: passedOn ? shownAt(db, originalOf(event, known)) : null,
    answer: answerOf(parts, event, you.address),
  };
}

function isYou({ address }: Attendee, you: string): boolean {
  return you !== "" && address.toLowerCase() === you.toLowerCase();
}

/** As the account sees it, whose message it is; only then as the user's other accounts do: who writes to another account of theirs is invited. */
function ownAddress({ store }: Parts, { accountId }: AskingMessage, event: CalendarEvent): { address: string; organiser: boolean } {
  const senders = readSenders(store.db);
  const organiser = event.organiser?.address ?? "";
  const invited = new Map(event.attendees.map(({ address }) => [address.toLowerCase(), address]));
  for (const own of [true, false]) {
    const addresses = senders.filter((one) => (one.accountId === accountId) === own).map(({ address }) => address.toLowerCase());
    if (organiser !== "" && addresses.includes(organiser.toLowerCase())) return { address: organiser, organiser: true };
    const found = addresses.find((address) => invited.has(address));
    if (found !== undefined) return { address: invited.get(found) ?? "", organiser: false };
  }
  return { address: "", organiser: false };
}

function ownAddresses({ store }: Parts): ReadonlySet<string> {
  return new Set(readSenders(store.db).map(({ address }) => address.toLowerCase()));
}

function withAnswers(event: CalendarEvent, known: readonly KnownVersion[]): readonly Attendee[] {
  const answers = answersOfOthers(event, known);
  if (answers.size === 0) return event.attendees;
  return event.attendees.map((one) => ({ ...one, state: answers.get(one.address.toLowerCase()) ?? one.state }));
}

function answerOf({ store }: Parts, event: CalendarEvent, you: string): Invitation["answer"] {
  if (you === "" || event.uid === "") return null;
  const occurrence = occurrenceOf(event);
  const given = answersTo(store.db, event.uid).filter(({ address }) => address === you.toLowerCase());
  const last = given.find((one) => one.occurrence === occurrence) ?? given.find((one) => one.occurrence === "");
  if (last !== undefined) {
    const { answer, comment, at, outboxId, undoUntil, sequence } = last;
    return { answer, comment, at, waiting: undoUntil === null ? null : { outboxId, undoUntil }, before: sequence < event.sequence };
  }
  // From elsewhere: another program answered, and the calendar knows.
  const state = event.method === "request" ? event.attendees.find((one) => isYou(one, you))?.state : undefined;
  if (state !== "accepted" && state !== "tentative" && state !== "declined") return null;
  return { answer: state, comment: "", at: null, waiting: null, before: false };
}
