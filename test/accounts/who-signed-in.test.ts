import { expect, test } from "vitest";
import { type Expected, readIdToken } from "../../main/accounts/who-signed-in.ts";

const NOW = Date.UTC(2026, 10, 27);
const ISSUER = "https://login.harbour.example";
const right = { iss: ISSUER, aud: "satchel", nonce: "n", exp: NOW / 1000 + 60, email: "lin@harbour.example", name: "Lin" };
const token = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;
const read = (claims: object, more: Partial<Expected> = {}) =>
  readIdToken(token({ ...right, ...claims }), { clientId: "satchel", nonce: "n", issuer: ISSUER, now: NOW, strict: true, ...more });
const FORGED = expect.objectContaining({ code: "sign-in-forged" });

test("who signed in is told by a token of that issuer for this sign-in", () => {
  expect(read({})).toEqual({ address: "lin@harbour.example", name: "Lin" });
  expect(read({ email: undefined, preferred_username: "lin@harbour.example" }).address).toBe("lin@harbour.example");
  expect(read({ aud: ["satchel", "other"], azp: "satchel" }).address).toBe("lin@harbour.example");
});

test("an address that nobody has verified counts for nothing", () => {
  expect(read({ email_verified: false }).address).toBeNull();
  expect(read({ email_verified: "false", preferred_username: "lin@harbour.example" }).address).toBe("lin@harbour.example");
  expect(read({ email: "not an address" }).address).toBeNull();
});

test("another issuer's, another client's, another sign-in's, one that ran out: none of them is believed", () => {
  expect(() => read({ iss: "https://login.elsewhere.example" })).toThrow(FORGED);
  expect(() => read({ iss: undefined })).toThrow(FORGED);
  expect(() => read({ exp: NOW / 1000 - 3600 })).toThrow(FORGED);
  expect(() => read({ exp: undefined })).toThrow(FORGED);
  expect(() => read({ aud: ["satchel", "other"], azp: "other" })).toThrow(FORGED);
  expect(read({ aud: "other" })).toEqual({ address: null, name: null });
  expect(read({ nonce: "another" })).toEqual({ address: null, name: null });
  expect(readIdToken("no token", { clientId: "satchel", nonce: "n", issuer: ISSUER, now: NOW, strict: true }).address).toBeNull();
});

test("Google's accounts are of the organisation's domain, Microsoft's issuer is the user's own tenant", () => {
  expect(() => read({}, { hostedDomain: "harbour.example" })).toThrow(FORGED);
  expect(read({ hd: "Harbour.example" }, { hostedDomain: "harbour.example" }).address).toBe("lin@harbour.example");
  const issuer = "https://login.microsoftonline.com/common/v2.0";
  const own = "https://login.microsoftonline.com/8f-tenant/v2.0";
  expect(read({ iss: own, tid: "8f-tenant" }, { issuer }).address).toBe("lin@harbour.example");
  expect(() => read({ iss: own, tid: "another" }, { issuer })).toThrow(FORGED);
});

test("where an address was typed only the question rests on it", () => {
  expect(read({ iss: "https://login.elsewhere.example", exp: 0 }, { strict: false }).address).toBe("lin@harbour.example");
});
