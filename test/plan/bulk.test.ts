import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addressIn,
  checkRows,
  columnOf,
  estimateMs,
  planFeed,
  recogniseColumns,
  shouldPause,
  unsubscribeHeader,
} from "../../main/plan/bulk.ts";
import { FULL_BUCKET } from "../../main/plan/pace.ts";

const MINUTE = 60_000;

test("the column of the addresses is seen by what it holds, that of the names by what it is called", () => {
  expect(recogniseColumns(["姓名", "城市", "联系"], [["李雷", "北京", "li@x.test"]])).toEqual({ address: 2, name: 0 });
  expect(recogniseColumns(["mail", "x"], [["", "y"]])).toEqual({ address: 0, name: null });
  expect(recogniseColumns(["a"], [["b"]])).toEqual({ address: null, name: null });
});

test("an address is found beside its name, as a link and in wide characters; of two none", () => {
  expect(addressIn(" Li Lei <li@x.test> ")).toBe("li@x.test");
  expect(addressIn("mailto:li@x.test")).toBe("li@x.test");
  expect(addressIn("li＠x．test")).toBe("li@x.test");
  expect(addressIn("a@x.test, b@x.test")).toBeNull();
  expect(addressIn("li@x.test\r\nBcc: b@x.test")).toBeNull();
});

test("a placeholder means its column by any case and width, else the chosen ones by their usual names", () => {
  const columns = ["First Name", "Mail"];
  expect(columnOf("first  name", columns, { address: 1, name: 0 })).toBe(0);
  expect(columnOf("姓名", columns, { address: 1, name: 0 })).toBe(0);
  expect(columnOf("邮箱", columns, { address: 1, name: null })).toBe(1);
  expect(columnOf("Nmae", columns, { address: 1, name: 0 })).toBeNull();
});

const row = fc.tuple(fc.constantFrom("a@x.test", "A@x.test", "b@x.test", "no address", ""), fc.constantFrom("", "value"));
test("nobody gets two messages unless the user wants it, and nobody is left out without a reason", () => {
  const choice = fc.constantFrom("leave-out" as const, "send" as const);
  fc.assert(
    fc.property(fc.array(row), choice, choice, (rows, doubled, empty) => {
      const checked = checkRows(rows, 0, [1], { doubled, empty });
      const sent = checked.filter(({ leftOut }) => !leftOut).map(({ address }) => address.toLowerCase());
      if (doubled === "leave-out") expect(new Set(sent).size).toBe(sent.length);
      for (const { leftOut, problems, address } of checked) {
        if (leftOut) expect(problems.length).toBeGreaterThan(0);
        else expect(address).toContain("@");
      }
      // Whoever has a row that may go gets one.
      const may = new Set(
        rows.filter(([to, value]) => to.includes("@") && (value !== "" || empty === "send")).map(([to]) => to.toLowerCase()),
      );
      expect(new Set(sent)).toEqual(may);
    }),
  );
});

test("never more in a minute than the chosen pace, never more open than there is room, and all in the end", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 300 }), (perMinute, many) => {
      let bucket = FULL_BUCKET;
      let now = 0;
      let waiting = many;
      const went: number[] = [];
      while (waiting > 0) {
        const fed = planFeed({ waiting, fresh: 0, open: 0, messageBytes: 1000, perMinute }, bucket, now);
        expect(fed.take).toBeLessThanOrEqual(20);
        went.push(...Array.from({ length: fed.take }, () => now));
        waiting -= fed.take;
        bucket = fed.bucket;
        if (fed.until !== null) now = fed.until;
      }
      for (const at of went)
        expect(went.filter((other) => other >= at && other < at + MINUTE).length).toBeLessThanOrEqual(Math.max(1, perMinute) + 1);
    }),
    { numRuns: 40 },
  );
});

test("what is open already takes the room, and heavy messages go one at a time", () => {
  const input = { waiting: 100, fresh: 0, open: 0, messageBytes: 1000, perMinute: null };
  expect(planFeed(input, FULL_BUCKET, 0).take).toBe(20);
  expect(planFeed({ ...input, fresh: 15 }, FULL_BUCKET, 0).take).toBe(5);
  expect(planFeed({ ...input, open: 400 }, FULL_BUCKET, 0).take).toBe(0);
  expect(planFeed({ ...input, messageBytes: 5_000_000 }, FULL_BUCKET, 0).take).toBe(1);
});

test("the estimate goes by the narrower pace, and by days where the server has a limit for the day", () => {
  const free = { messagesADay: null, sentToday: 0 };
  expect(estimateMs(2000, [50, null], free)).toBe(40 * MINUTE);
  expect(estimateMs(2000, [50, 30], free)).toBe(Math.ceil((2000 / 30) * MINUTE));
  expect(estimateMs(2000, [null, null], free)).toBeNull();
  expect(estimateMs(1500, [null], { messagesADay: 500, sentToday: 100 })).toBe(3 * 1440 * MINUTE);
});

test("ten refused in a row pause it, nine do not, nor ten with one between that was taken", () => {
  const held = Array.from({ length: 10 }, () => "held" as const);
  expect(shouldPause(held)).toBe(true);
  expect(shouldPause(held.slice(1))).toBe(false);
  expect(shouldPause([...held.slice(1), "accepted"])).toBe(false);
});

test("who wants no more answers the sender, whose address cannot break out of the header", () => {
  expect(unsubscribeHeader("me@example.test")).toBe("<mailto:me@example.test?subject=unsubscribe>");
  expect(unsubscribeHeader('"a>?b"@x.test')).not.toMatch(/^<[^>]*>[^>]/u);
});
