import fc from "fast-check";
import { expect, test } from "vitest";
import { baseDomain } from "../../main/plan/base-domain.ts";
import { chooseSrv, settingsOfSrv } from "../../main/plan/srv-servers.ts";

const record = (name: string, priority = 0, weight = 0, port = 993) => ({ name, port, priority, weight });

test("the lowest priority wins, whatever the others weigh", () => {
  expect(chooseSrv([record("b.example.test", 20, 999), record("a.example.test", 10, 1)], 0.99)?.host).toBe("a.example.test");
});

test("weights are shares, and a weight of none is a small chance", () => {
  const records = [record("a.example.test", 0, 30), record("b.example.test", 0, 70), record("c.example.test", 0, 0)];
  const counts = { a: 0, b: 0, c: 0 };
  for (let roll = 0; roll < 1; roll += 0.0001) counts[(chooseSrv(records, roll)?.host[0] ?? "a") as "a"] += 1;
  expect(Math.abs(counts.a - 3000)).toBeLessThan(50);
  expect(Math.abs(counts.b - 7000)).toBeLessThan(50);
  expect(counts.c).toBeGreaterThan(0);
});

test("a dot says that there is no such service, and rubbish is none", () => {
  expect(chooseSrv([record(".")], 0)).toBeNull();
  for (const bad of [
    record("localhost"),
    record("127.0.0.1"),
    record("a.example.test", 0, 0, 0),
    record("a.example.test", -1),
    record("a.example.test", 0, 1.5),
    record("a..test"),
    record("a.test\r\n"),
  ])
    expect(chooseSrv([bad], 0), bad.name).toBeNull();
  expect(chooseSrv([record(""), record("mail.example.test.")], 0)?.host).toBe("mail.example.test");
});

test("TLS services come before STARTTLS ones, and without an outgoing server there is nothing", () => {
  const found = settingsOfSrv(
    { imaps: [record("i.example.test")], imap: [record("j.example.test", 0, 0, 143)], submission: [record("s.example.test", 0, 0, 587)] },
    "lin@example.test",
    () => 0,
  );
  expect(found).toMatchObject([
    {
      inside: true,
      settings: { incoming: { host: "i.example.test", security: "tls" }, outgoing: { host: "s.example.test", security: "starttls" } },
    },
  ]);
  expect(settingsOfSrv({ imaps: [record("i.example.test")] }, "lin@example.test", () => 0)).toEqual([]);
});

test("inside the domain is what ends in it after a dot", () => {
  const at = (host: string) =>
    settingsOfSrv({ imaps: [record(host)], submissions: [record("s.example.test")] }, "lin@Example.test", () => 0)[0]?.inside;
  expect([at("example.test"), at("a.b.example.test"), at("evilexample.test"), at("example.test.evil.test")]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("whatever the records are, a server has a name and a port", () => {
  const records = fc.array(fc.record({ name: fc.string(), port: fc.double(), priority: fc.double(), weight: fc.double() }));
  fc.assert(
    fc.property(records, fc.double({ min: 0, max: 0.999, noNaN: true }), (some, roll) => {
      const chosen = chooseSrv([...some, record("mail.example.test")], roll);
      expect(chosen?.host).toMatch(/\./u);
      expect(chosen?.port).toBeGreaterThan(0);
    }),
  );
});

test.each([
  ["mx1.mail.example.co.uk", "example.co.uk"],
  ["mx.example.com.cn", "example.com.cn"],
  ["mx.example.ne.jp", "example.ne.jp"],
  ["in1-smtp.messagingengine.com.", "messagingengine.com"],
  ["Example.DE", "example.de"],
  ["co.uk", null],
  ["localhost", null],
  ["127.0.0.1", null],
  ["a..b", null],
])("the owner's domain of %s is %s", (host, base) => {
  expect(baseDomain(host)).toBe(base);
});
