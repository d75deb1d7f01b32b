import { type OutlinePlan, type Sections, type ServerPart, sectionsOf, type ToldPart } from "../plan/outline.ts";
import { type Argument, atom, peek, uidSet } from "./command-line.ts";
import { bytesOf, fetchItems, uidOf } from "./fetch-rows.ts";
import type { Session } from "./session.ts";
import { readStructure } from "./structure-parts.ts";

/** How a message is built, and its header; `structure` null: the server does not say. */
export type Described = { readonly uid: number; readonly structure: ToldPart | null; readonly header: Uint8Array };

/** Structure and header of a set of UIDs in the open folder. Messages that are gone do not come. */
export async function describeMessages(session: Session, uids: string): Promise<Described[]> {
  const found: Described[] = [];
  await session.send("UID FETCH", [uidSet(uids), [atom("UID"), atom("BODYSTRUCTURE"), peek(atom("HEADER"))]], {
    FETCH(answer) {
      const items = fetchItems(answer);
      const uid = uidOf(items);
      const header = bytesOf(items.get("BODY[HEADER]"));
      if (uid === null) return;
      const structure = header === null ? null : readStructure(items.get("BODYSTRUCTURE"));
      found.push({ uid, structure, header: header ?? new Uint8Array() });
    },
  });
  return found;
}

/** The sections of one message that its outline is made of. */
export async function fetchSections(session: Session, { uid, header }: Described, root: ServerPart, plan: OutlinePlan): Promise<Sections> {
  const sections = new Map<string, Uint8Array>([["HEADER", header]]);
  const wanted = sectionsOf(root, plan);
  if (wanted.length === 0) return sections;
  const items = wanted.map(({ name, firstBytes }): Argument => section(name, firstBytes));
  await session.send("UID FETCH", [uidSet(String(uid)), [atom("UID"), ...items]], {
    FETCH(answer) {
      const found = fetchItems(answer);
      if (uidOf(found) !== uid) return;
      for (const { name } of wanted) {
        const bytes = bytesOf(found.get(`BODY[${name}]`));
        if (bytes !== null) sections.set(name, bytes);
      }
    },
  });
  return sections;
}

/** The first bytes of a message; null when it is gone. */
export async function fetchFront(session: Session, uid: number, bytes: number): Promise<Uint8Array | null> {
  let front: Uint8Array | null = null;
  await session.send("UID FETCH", [uidSet(String(uid)), [atom("UID"), section("", bytes)]], {
    FETCH(answer) {
      const items = fetchItems(answer);
      if (uidOf(items) === uid) front = bytesOf(items.get("BODY[]"));
    },
  });
  return front;
}

/** `BODY.PEEK[1.MIME]`, `BODY.PEEK[]<0.1000>`. Never plain BODY[], which would set \Seen. */
function section(name: string, firstBytes: number | null): Argument {
  const whole = `BODY.PEEK[${name}]${firstBytes === null ? "" : `<0.${firstBytes}>`}`;
  return { type: "TEXT", value: whole };
}
