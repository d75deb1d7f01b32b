import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Vault } from "../../main/accounts/vault.ts";
import { directoryOf } from "../../main/engine/directory-of.ts";
import { Managed } from "../../main/engine/managed.ts";
import { ProxyWays } from "../../main/engine/proxy-ways.ts";
import { silentLog } from "../../main/log.ts";
import { readSettings } from "../../main/store/settings.ts";
import { policy } from "../../shared/contract/policy.ts";
import { newProfile, type Profile } from "../store/mailbox.ts";

const DIRECTORY = { host: "ldap.harbour.example", port: 636, security: "tls", base: "dc=x", bindDn: "cn=reader" } as const;
const SECRET = "secret-directory-1";
const sealer = {
  state: () => Promise.reject(new Error("nobody asks")),
  seal: (plain: Uint8Array) => Promise.resolve(plain.map((byte) => byte ^ 0x55)),
  unseal: (sealed: Uint8Array) => Promise.resolve(sealed.map((byte) => byte ^ 0x55)),
};

let profile: Profile;
beforeEach(() => {
  profile = newProfile();
});
afterEach(() => profile.remove());

function made(managed = new Managed(null)) {
  const { store } = profile;
  const vault = new Vault(join(store.blobs.dir, "..", "vault.json"), sealer);
  managed.apply(store);
  const ways = new ProxyWays(vault, () => Promise.resolve([]), managed);
  return { vault, directory: directoryOf({ store, vault, managed, ways, mayAsk: () => true, clock: Date.now, log: silentLog }) };
}

test("the password of a directory lies in the vault alone, and stays for as long as the same one signs in at the same server", async () => {
  const { vault, directory } = made();
  await directory.save(DIRECTORY, SECRET);
  expect(readSettings(profile.store).directory).toEqual(DIRECTORY);
  expect(JSON.stringify(readSettings(profile.store))).not.toContain(SECRET);
  expect(readFileSync(join(profile.store.blobs.dir, "..", "vault.json"), "utf8")).not.toContain(SECRET);
  await directory.save({ ...DIRECTORY, base: "dc=y" }, undefined);
  expect(await vault.read("directory")).toEqual({ kind: "password", password: SECRET });
  await directory.save({ ...DIRECTORY, host: "ldap.other.example" }, undefined);
  expect(directory.hasPassword()).toBe(false);
  await directory.save(DIRECTORY, SECRET);
  await directory.save(null, undefined);
  expect([directory.hasPassword(), readSettings(profile.store).directory]).toEqual([false, null]);
});

test("an organisation's directory cannot be changed, but its password can be given", async () => {
  const set = policy.parse({ version: 1, organisation: "Harbour Studio", settings: { directory: DIRECTORY } });
  const { directory } = made(new Managed({ place: "policy.json", policy: set, problem: null }));
  expect(readSettings(profile.store).directory).toEqual(DIRECTORY);
  await expect(directory.save({ ...DIRECTORY, port: 1636 }, SECRET)).rejects.toMatchObject({ code: "set-by-organisation" });
  await expect(directory.save(null, undefined)).rejects.toMatchObject({ code: "set-by-organisation" });
  await directory.save(DIRECTORY, SECRET);
  expect(directory.hasPassword()).toBe(true);
});
