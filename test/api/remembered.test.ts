import { afterEach, beforeEach, expect, test } from "vitest";
import { rememberedHandlers } from "../../main/api/remembered.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { rememberOriginal, showsOriginal } from "../../main/store/original-colours.ts";
import { allowPictures, picturesAllowed } from "../../main/store/pictures.ts";
import { rememberSenderCharset, senderCharsets } from "../../main/store/read-as.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { header, newMailbox, newProfile, type Profile } from "../store/mailbox.ts";

const WINDOW = { window: 1 } as never;
let profile: Profile;
let first: PlacementId;
let second: PlacementId;

beforeEach(() => {
  profile = newProfile();
  const { folders } = newMailbox(profile.store);
  const from = (address: string) => ({ name: "", address });
  const rows = [header({ uid: 1, from: from("Ann@shop.example") }), header({ uid: 2, from: from("bob@other.example") })];
  [first, second] = ingestHeaders(profile.store, folders.inbox, 1, rows).map(({ placementId }) => placementId) as [
    PlacementId,
    PlacementId,
  ];
});
afterEach(() => profile.remove());

test("who is remembered is listed, and one that is taken back counts no more while the others stay", async () => {
  const { store } = profile;
  const handlers = rememberedHandlers({ store });
  allowPictures(store, first, "sender");
  allowPictures(store, second, "domain");
  rememberSenderCharset(store, "ann@shop.example", "gb18030");
  rememberSenderCharset(store, "bob@other.example", "big5");
  rememberOriginal(store, "Ann@shop.example", true);
  rememberOriginal(store, "", true);
  expect([showsOriginal(store.db, "ANN@shop.example"), showsOriginal(store.db, "bob@other.example")]).toEqual([true, false]);
  expect(await handlers["remembered.list"]({}, WINDOW)).toEqual({
    pictures: [
      { scope: "sender", value: "ann@shop.example" },
      { scope: "domain", value: "other.example" },
    ],
    charsets: [
      { address: "ann@shop.example", charset: "gb18030" },
      { address: "bob@other.example", charset: "big5" },
    ],
    originals: ["ann@shop.example"],
  });
  expect([picturesAllowed(store, first), picturesAllowed(store, second)]).toEqual([true, true]);

  await handlers["remembered.forget"]({ kind: "pictures", scope: "sender", value: "ann@shop.example" }, WINDOW);
  await handlers["remembered.forget"]({ kind: "original", address: "ann@shop.example" }, WINDOW);
  const left = await handlers["remembered.forget"]({ kind: "charset", address: "bob@other.example" }, WINDOW);
  expect(left).toEqual({
    pictures: [{ scope: "domain", value: "other.example" }],
    charsets: [{ address: "ann@shop.example", charset: "gb18030" }],
    originals: [],
  });
  expect(showsOriginal(store.db, "ann@shop.example")).toBe(false);
  expect([picturesAllowed(store, first), picturesAllowed(store, second)]).toEqual([false, true]);
  expect([...senderCharsets(store.db).keys()]).toEqual(["ann@shop.example"]);
});
