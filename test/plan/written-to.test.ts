import { expect, test } from "vitest";
import { writtenTo } from "../../main/plan/written-to.ts";

const own = [{ address: "lin@harbour.example" }, { address: "Sales@harbour.example" }, { address: "lin@old.example" }];
const people = (...addresses: string[]) => addresses.map((address) => ({ name: "", address }));
const answeredAs = (original: { to?: string[]; cc?: string[]; from?: string[]; delivered?: string[] }): string | undefined => {
  const { to = [], cc = [], from = ["somebody@else.example"], delivered = [] } = original;
  return writtenTo({ to: people(...to), cc: people(...cc), from: people(...from), delivered }, own)?.address;
};

test("an answer goes out under the address that was written to, however it was written", () => {
  expect(answeredAs({ to: ["other@else.example", " SALES@Harbour.Example "] })).toBe("Sales@harbour.example");
  expect(answeredAs({ to: ["other@else.example"], cc: ["lin@old.example"] })).toBe("lin@old.example");
  expect(answeredAs({ to: ["lin@old.example"], cc: ["sales@harbour.example"] })).toBe("lin@old.example");
});

test("a blind copy and a list are answered under the address they were delivered to", () => {
  expect(answeredAs({ to: ["undisclosed@else.example"], delivered: ["lin@old.example"] })).toBe("lin@old.example");
  expect(answeredAs({ to: ["list@lists.example"], delivered: ["box-1@host.example", "sales@harbour.example"] })).toBe(
    "Sales@harbour.example",
  );
  // What is in To is what the sender knows the user by.
  expect(answeredAs({ to: ["sales@harbour.example"], delivered: ["lin@harbour.example"] })).toBe("Sales@harbour.example");
});

test("a tag behind a plus is the same mailbox, after whole addresses", () => {
  expect(answeredAs({ to: ["lin+shop@harbour.example"] })).toBe("lin@harbour.example");
  expect(answeredAs({ to: ["lin+shop@harbour.example"], cc: ["lin@old.example"] })).toBe("lin@old.example");
  expect(answeredAs({ to: ["+shop@harbour.example"] })).toBeUndefined();
});

test("one's own message is answered as it was sent, and a stranger's field chooses nobody", () => {
  expect(answeredAs({ to: ["other@else.example"], from: ["lin@old.example"] })).toBe("lin@old.example");
  expect(answeredAs({ to: ["other@else.example"], delivered: ["evil@else.example"] })).toBeUndefined();
});
