import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findPolicy, policyPlace } from "../../main/host/policy.ts";

const GOOD = { version: 1, organisation: "Harbour Studio" };
/** As a policy writes it. */
const variable = (name: string): string => `$\{${name}}`;
const nothing = (): null => null;

test("each system has a place that only its administrators write to", () => {
  expect(policyPlace("linux", {})).toBe("/etc/satchel/policy.json");
  expect(policyPlace("darwin", {})).toBe("/Library/Application Support/Satchel/policy.json");
  expect(policyPlace("win32", { ProgramData: "D:\\Data" })).toMatch(/^D:\\Data.Satchel.policy\.json$/u);
});

test("without a file there is none; the variable may be a file or the policy itself", () => {
  expect(findPolicy("linux", {}, nothing)).toBeNull();
  const folder = mkdtempSync(join(tmpdir(), "satchel-policy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "policy.json");
  writeFileSync(file, `\uFEFF${JSON.stringify(GOOD)}`);
  expect(findPolicy("linux", { SATCHEL_POLICY: file })).toMatchObject({
    place: file,
    policy: { organisation: "Harbour Studio" },
    problem: null,
  });
  expect(findPolicy("linux", { SATCHEL_POLICY: JSON.stringify(GOOD) }, nothing)).toMatchObject({
    policy: { organisation: "Harbour Studio" },
  });
  expect(findPolicy("linux", { SATCHEL_POLICY: join(folder, "none.json") })).toMatchObject({
    policy: null,
    problem: "there is no such file",
  });
});

test("the system's file wins over the variable, also when it is broken", () => {
  const env = { SATCHEL_POLICY: JSON.stringify({ ...GOOD, organisation: "Somebody" }) };
  expect(findPolicy("linux", env, () => JSON.stringify(GOOD))).toMatchObject({ policy: { organisation: "Harbour Studio" } });
  expect(findPolicy("linux", env, () => "{")).toMatchObject({ policy: null, problem: expect.stringMatching(/JSON/u) as string });
});

test.each([
  ["no version", { organisation: "x" }],
  ["a name that nobody knows", { ...GOOD, setings: {} }],
  ["a setting that nobody knows", { ...GOOD, settings: { colour: "red" } }],
  ["a value that is not allowed", { ...GOOD, settings: { theme: "pink" } }],
  ["servers without encryption at a name", { ...GOOD, accounts: [account("plain")] }],
])("a policy with a mistake in it is out of force as a whole, with the reason: %s", (_name, policy) => {
  const found = findPolicy("linux", {}, () => JSON.stringify(policy));
  expect(found?.policy).toBeNull();
  expect(found?.problem).toMatch(/\S/u);
});

test("variables are filled in, and one that is not set leaves nothing", () => {
  const policy = { ...GOOD, address: `${variable("USER")}@harbour.example`, personName: variable("FULL_NAME") };
  expect(findPolicy("linux", { USER: "lin" }, () => JSON.stringify(policy))?.policy).toMatchObject({
    address: "lin@harbour.example",
    personName: "",
  });
});

function account(security: string) {
  const server = { host: "mail.harbour.example", port: 993, security, user: "%EMAILADDRESS%" };
  return { domains: ["harbour.example"], settings: { protocol: "imap", incoming: server, outgoing: server } };
}
