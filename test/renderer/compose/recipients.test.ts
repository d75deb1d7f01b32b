import { describe, expect, it } from "vitest";
import { addRecipients, doubtAbout, parseRecipients, slips, writeRecipient } from "../../../renderer/state/recipients.ts";

const addresses = (text: string): string[] => parseRecipients(text).map((person) => person.address);

describe("people pasted into To", () => {
  it("takes a list as Outlook and Gmail write it", () => {
    expect(parseRecipients('"Okafor, Mira" <mira@one.test>; Ken Whitlock <ken@two.test>, user1@example.test')).toEqual([
      { name: "Okafor, Mira", address: "mira@one.test" },
      { name: "Ken Whitlock", address: "ken@two.test" },
      { name: "", address: "user1@example.test" },
    ]);
  });

  it("joins a name that was split at its comma because the quotes are missing", () => {
    expect(parseRecipients("Okafor, Mira <mira@one.test>, user1@example.test")).toEqual([
      { name: "Okafor, Mira", address: "mira@one.test" },
      { name: "", address: "user1@example.test" },
    ]);
  });

  it("takes one address a line, blanks between addresses, and full-width separators", () => {
    expect(addresses("a@one.test\r\nb@one.test\tc@one.test")).toEqual(["a@one.test", "b@one.test", "c@one.test"]);
    expect(addresses("a@one.test b@one.test")).toEqual(["a@one.test", "b@one.test"]);
    expect(addresses("a@one.test；b@one.test，c@one.test、d@one.test")).toEqual(["a@one.test", "b@one.test", "c@one.test", "d@one.test"]);
  });

  it("mends the full-width signs that an input method leaves in an address", () => {
    expect(addresses("lin＠qq。com")).toEqual(["lin@qq.com"]);
  });

  it("keeps what is no address, so that the writer can mend it", () => {
    expect(addresses("user1@example.test, not an address")).toEqual(["user1@example.test", "not an address"]);
  });

  it("reads a comment after an address as the name, and drops mailto:", () => {
    expect(parseRecipients("mailto:user1@example.test (First User)")).toEqual([{ name: "First User", address: "user1@example.test" }]);
  });

  it("survives a quote that never closes", () => {
    expect(addresses('"Mira <mira@one.test>, b@one.test')).toEqual(["mira@one.test", "b@one.test"]);
  });

  it("writes a person so that pasting gives the same person back", () => {
    for (const person of [
      { name: "Okafor, Mira", address: "mira@one.test" },
      { name: 'Ken "K" Whitlock', address: "ken@two.test" },
      { name: "陈晓雯", address: "chen@three.test" },
      { name: "", address: "user1@example.test" },
    ]) {
      expect(parseRecipients(writeRecipient(person))).toEqual([person]);
    }
  });

  it("has nobody twice, whatever the letter case", () => {
    const people = addRecipients(
      [{ name: "", address: "User1@example.test" }],
      parseRecipients("user1@EXAMPLE.test, user2@example.test, user2@example.test"),
    );
    expect(people.map((person) => person.address)).toEqual(["User1@example.test", "user2@example.test"]);
  });
});

describe("a doubtful address", () => {
  it("is one that is no address, or has no whole domain", () => {
    expect(doubtAbout("mira")).toEqual({ kind: "no-address" });
    expect(doubtAbout("mira@example")).toEqual({ kind: "no-dot" });
    expect(doubtAbout("user1@example.test")).toBeNull();
  });

  it("is one letter beside a domain that everybody uses", () => {
    expect(doubtAbout("user1@gmial.com")).toEqual({ kind: "typo", suggestion: "user1@gmail.com" });
    expect(doubtAbout("user1@gmail.com")).toBeNull();
  });

  it("is not a short domain that happens to be near another", () => {
    expect(doubtAbout("user1@162.com")).toBeNull();
    expect(doubtAbout("user1@139.com")).toBeNull();
  });

  it("is near somebody the writer knows under the same name", () => {
    const known = ["h.brandt@kiln-works.test"];
    expect(doubtAbout("h.brandt@kiln-wroks.test", known)).toEqual({ kind: "typo", suggestion: "h.brandt@kiln-works.test" });
    expect(doubtAbout("m.okafor@kiln-wroks.test", known)).toBeNull();
    expect(doubtAbout("H.Brandt@kiln-works.test", known)).toBeNull();
  });

  it("may be two slips from a long well-known domain of the same end, and is none where another real one is near", () => {
    expect(doubtAbout("user1@hotmaill.co")).toBeNull();
    expect(doubtAbout("user1@hotmaiil.com")).toEqual({ kind: "typo", suggestion: "user1@hotmail.com" });
    expect(doubtAbout("user1@hitmaiil.com")).toEqual({ kind: "typo", suggestion: "user1@hotmail.com" });
    expect(doubtAbout("user1@mail.com")).toBeNull();
    expect(doubtAbout("user1@outlook.cn")).toBeNull();
  });

  it("is one at a domain that takes no mail, also of somebody who is known, with the nearest well-known one", () => {
    const dead = new Set(["gmxxl.con", "shop.example"]);
    expect(doubtAbout("User1@gmxxl.con", ["user1@gmxxl.con"], dead)).toEqual({ kind: "no-mail", suggestion: null });
    expect(doubtAbout("User1@gmal.con", [], new Set(["gmal.con"]))).toEqual({ kind: "no-mail", suggestion: "User1@gmail.com" });
    expect(doubtAbout("ann@shop.example", [], dead)).toEqual({ kind: "no-mail", suggestion: null });
    expect(doubtAbout("ann@other.example", [], dead)).toBeNull();
  });

  it("counts swapped letters as one slip", () => {
    expect([slips("works", "wroks"), slips("works", "work"), slips("works", "words"), slips("works", "works")]).toEqual([1, 1, 1, 0]);
  });
});
