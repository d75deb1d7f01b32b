import { afterEach, beforeEach, expect, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import { attachmentsPage } from "../../main/store/attachments.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import type { RowKey } from "../../shared/contract/mail.ts";
import type { FileGroup } from "../../shared/file-group.ts";
import type { FolderId } from "../../shared/ids.ts";
import { bodyOf, header, MINUTE, type Named, newMailbox, newProfile, type Profile, START, type Wanted } from "./mailbox.ts";

let profile: Profile;
let folders: Record<Named, FolderId>;
beforeEach(() => {
  profile = newProfile();
  ({ folders } = newMailbox(profile.store));
});
afterEach(() => profile.remove());

const part = (name: string, type = "application/octet-stream", number = "2", inline = false) => ({
  part: number,
  name,
  type,
  sizeBytes: 900,
  inline,
});

function arrives(folder: Named, wanted: Wanted, parts: ReturnType<typeof part>[]): void {
  const row = { ...header({ ...wanted, hasAttachment: parts.some(({ inline }) => !inline) }), parts };
  ingestHeaders(profile.store, folders[folder], 1, [row]);
}

type Asked = { group?: FileGroup | null; words?: string; before?: RowKey | null; limit?: number };
const page = ({ group = null, words = "", before = null, limit = 50 }: Asked = {}) =>
  attachmentsPage(profile.store, { group, words, before, limit });
const names = (asked: Asked = {}) => page(asked).rows.map((row) => row.part.name);

test("files of all folders are listed, newest first, those of a message together, and none of Trash, Junk, Drafts or inside the text", () => {
  arrives("inbox", { uid: 1, at: START + MINUTE }, [
    part("plan.pdf"),
    part("logo.png", "image/png", "3", true),
    part("costs.xlsx", "", "4"),
  ]);
  arrives("lists", { uid: 2, at: START + 3 * MINUTE }, [part("newer.zip")]);
  arrives("sent", { uid: 3, at: START + 2 * MINUTE, to: [{ name: "Ann", address: "ann@example.test" }] }, [part("mine.docx")]);
  for (const folder of ["trash", "junk", "drafts"] as const) arrives(folder, { uid: 4, at: START + 9 * MINUTE }, [part(`${folder}.pdf`)]);
  expect(names()).toEqual(["newer.zip", "mine.docx", "plan.pdf", "costs.xlsx"]);
  expect(page().next).toBeNull();
  expect(page().rows[1]).toMatchObject({ outgoing: true, person: { name: "Ann" }, part: { here: false } });
});

test("they are found by kind, and by every word in their name, sender or subject, however wide or large it is written", () => {
  const from = { name: "陈晓雯", address: "chen@expo.example" };
  arrives("inbox", { uid: 1, subject: "展位报价", from }, [part("报价单（十月）.xlsx"), part("Hall.JPG", "application/octet-stream", "3")]);
  arrives("inbox", { uid: 2, subject: "Other" }, [part("ＲＥＰＯＲＴ.pdf", "application/pdf"), part("", "message/rfc822", "3")]);
  expect(names({ words: "报价 chen@" })).toEqual(["报价单（十月）.xlsx", "Hall.JPG"]);
  expect(names({ words: "report" })).toEqual(["ＲＥＰＯＲＴ.pdf"]);
  expect(names({ group: "picture" })).toEqual(["Hall.JPG"]);
  expect(names({ group: "table" })).toEqual(["报价单（十月）.xlsx"]);
  expect(names({ group: "mail" })).toEqual([""]);
  expect(names({ group: "document", words: "展位" })).toEqual([]);
});

test("a message that lies in two folders has its files once, also when the one with the first copy is put away", () => {
  const twice = { uid: 7, id: "same@example.test" };
  const row = { ...header({ ...twice, hasAttachment: true }), parts: [part("once.pdf")] };
  const [one, two] = [folders.inbox, folders.archive].flatMap((folder) => ingestHeaders(profile.store, folder, 1, [row]));
  if (one === undefined || two === undefined) throw new Error("they did not arrive");
  // The same bytes are one message from here on.
  ingestBodies(profile.store, [
    { placementId: one.placementId, body: bodyOf(row) },
    { placementId: two.placementId, body: bodyOf(row) },
  ]);
  expect(page().rows).toMatchObject([{ placementId: one.placementId, part: { name: "once.pdf", here: true } }]);
  act(profile.store, { kind: "placements", ids: [one.placementId] }, { kind: "delete" });
  expect(page().rows).toMatchObject([{ placementId: two.placementId, part: { name: "once.pdf" } }]);
});

test("read on page by page, every file comes once, and what is rare is found behind hundreds of others", () => {
  const rows = Array.from({ length: 900 }, (_, uid) => ({
    ...header({ uid: uid + 1, at: START - uid * MINUTE, hasAttachment: true }),
    parts: [part(uid === 850 ? "needle.csv" : `${uid}.pdf`)],
  }));
  ingestHeaders(profile.store, folders.inbox, 1, rows);
  const readAll = (asked: Asked): { found: string[]; requests: number } => {
    const found: string[] = [];
    let before: RowKey | null = null;
    for (let requests = 1; ; requests += 1) {
      const { rows: some, next } = page({ ...asked, before });
      found.push(...some.map((row) => row.part.name));
      if (next === null) return { found, requests };
      before = next;
    }
  };
  const { found, requests } = readAll({ limit: 60 });
  expect(new Set(found).size).toBe(900);
  expect(found).toHaveLength(900);
  expect(requests).toBe(16);
  expect(readAll({ group: "table" })).toEqual({ found: ["needle.csv"], requests: 3 });
});
