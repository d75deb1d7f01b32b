import fc from "fast-check";
import { expect, test } from "vitest";
import { placeOfStray, type StrayAccount, type StrayFacts } from "../../main/plan/strays.ts";

const account: fc.Arbitrary<StrayAccount> = fc.record({
  id: fc.integer({ min: 1, max: 4 }).map((id) => id as StrayAccount["id"]),
  address: fc.constantFrom("a@example.test", "b@example.test", "c@example.test"),
  protocol: fc.constantFrom("imap" as const, "pop3" as const),
  listed: fc.boolean(),
});
const facts: fc.Arbitrary<StrayFacts> = fc.record({
  ledger: fc.option(
    fc.record({ accountId: fc.integer({ min: 1, max: 5 }).map((id) => id as StrayAccount["id"]), thrownAway: fc.boolean() }),
  ),
  people: fc.subarray(["a@example.test", "b@example.test", "d@example.test"]),
  accounts: fc.uniqueArray(account, { selector: ({ id }) => id, maxLength: 4 }),
});

test("a file goes into a folder only where folders are on this computer, into the safety net only where they are on a server", () => {
  fc.assert(
    fc.property(facts, ({ ledger, people, accounts }) => {
      const place = placeOfStray({ ledger: null, people, accounts });
      if (place.kind === "wait") return;
      if (place.kind === "unneeded") throw new Error(`nobody said so: ${JSON.stringify(ledger)}`);
      const { protocol } = accounts.find(({ id }) => id === place.accountId) ?? {};
      expect(protocol).toBe(place.kind === "folder" ? "pop3" : "imap");
    }),
  );
});

test("nothing is said to be missing on a server as long as one of them is not listed", () => {
  fc.assert(
    fc.property(facts, (all) => {
      if (all.accounts.some(({ protocol, listed }) => protocol === "imap" && !listed)) expect(placeOfStray(all).kind).not.toBe("net");
    }),
  );
});

test("what all servers were asked about waits for nothing, as long as there is an account", () => {
  fc.assert(
    fc.property(facts, ({ accounts, ...rest }) => {
      const listed = accounts.map((one) => ({ ...one, listed: true }));
      expect(placeOfStray({ ...rest, accounts: listed }).kind === "wait").toBe(listed.length === 0);
    }),
  );
});

test("only what the ledger of an account calls thrown away is not needed", () => {
  fc.assert(
    fc.property(facts, (all) => {
      const { ledger, accounts } = all;
      const known = ledger !== null && accounts.some(({ id }) => id === ledger.accountId);
      expect(placeOfStray(all).kind === "unneeded").toBe(known && ledger.thrownAway);
    }),
  );
});
