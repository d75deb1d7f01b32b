import { afterAll, beforeAll, expect, test } from "vitest";
import { noteCharset, noteTaughtCharset, senderHistory } from "../../main/store/charset-history.ts";
import { newProfile, type Profile } from "./mailbox.ts";

let profile: Profile;
beforeAll(() => {
  profile = newProfile();
});
afterAll(() => profile.remove());

const note = (address: string, charset: string, times = 1) =>
  profile.store.db.write((tx) => {
    for (let i = 0; i < times; i++) noteCharset(tx, address, charset);
  });
const history = (address: string) => senderHistory(profile.store.db, address);

test("one message tells of its sender, three of the domain, unless they differ", () => {
  note("Ivan@corp.example", "windows-1251");
  expect([history("ivan@corp.example"), history("olga@corp.example"), history("")]).toEqual(["windows-1251", null, null]);
  note("petr@corp.example", "windows-1251", 2);
  expect(history("olga@corp.example")).toBe("windows-1251");
  note("olga@corp.example", "koi8-r");
  expect([history("olga@corp.example"), history("anna@corp.example")]).toEqual(["koi8-r", null]);
  note("olga@corp.example", "windows-1251");
  // Of two that are even the domain's is the likelier one.
  expect(history("olga@corp.example")).toBe("windows-1251");
});

test("what the user taught of one sender is believed of the others at the domain", () => {
  profile.store.db.write((tx) => noteTaughtCharset(tx, "a@taught.example", "big5"));
  expect([history("b@taught.example"), history("b@other.example")]).toEqual(["big5", null]);
});
