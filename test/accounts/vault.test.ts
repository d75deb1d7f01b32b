import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Vault } from "../../main/accounts/vault.ts";
import { KeySecrets } from "../../main/host/key-secrets.ts";
import type { Credential } from "../../shared/contract/accounts.ts";
import type { AccountId } from "../../shared/ids.ts";
import { secretForms } from "../support/secret-forms.ts";

const ONE = 1 as AccountId;
const TWO = 2 as AccountId;
const SECRET = "secret-horse 电池 staple";
const password: Credential = { kind: "password", password: SECRET };

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-vault-"));
  mkdirSync(join(folder, "profile"));
  file = join(folder, "profile", "vault.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As after a start: nothing is remembered but what lies on the disk. */
const keys = (): KeySecrets => new KeySecrets(join(folder, "profile"), join(folder, "keys"));

async function vaultWithSecret(): Promise<Vault> {
  const sealer = keys();
  await sealer.create(null);
  const vault = new Vault(file, sealer);
  await vault.write(ONE, password);
  return vault;
}

test("no file of the profile holds the secret as it is, and nobody else may read the vault", async () => {
  await vaultWithSecret();
  const token: Credential = { kind: "token", accessToken: "secret-access", refreshToken: "secret-refresh" };
  await new Vault(file, keys()).write(TWO, token);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const names = readdirSync(join(folder, "profile"));
  expect(names.sort()).toEqual(["vault-key.json", "vault.json"]);
  for (const name of names) {
    const text = readFileSync(join(folder, "profile", name), "latin1");
    const forms = [SECRET, "secret-access", "secret-refresh"].flatMap(secretForms);
    expect([name, forms.filter((form) => text.includes(form))]).toEqual([name, []]);
  }
});

test("secrets outlive a restart, each account its own", async () => {
  const vault = await vaultWithSecret();
  const other: Credential = { kind: "password", password: "secret-another" };
  await Promise.all([vault.write(TWO, { kind: "password", password: "secret-first thought" }), vault.write(TWO, other)]);
  const again = new Vault(file, keys());
  expect(await again.read(ONE)).toEqual(password);
  expect(await again.read(TWO)).toEqual(other);
});

test("a removed account's secret is gone from the file as well", async () => {
  const vault = await vaultWithSecret();
  await vault.remove(ONE);
  await expect(vault.read(ONE)).rejects.toMatchObject({ code: "no-credential" });
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({});
});

test.each(["", "{", "[]", "null", '{"1":7}', '{"1":"not base64!"}', "\u0000\u0000\u0000"])(
  "a damaged vault asks for the password again and takes it: %j",
  async (damaged) => {
    await vaultWithSecret();
    writeFileSync(file, damaged);
    const vault = new Vault(file, keys());
    await expect(vault.read(ONE)).rejects.toMatchObject({ code: "no-credential", kind: "auth" });
    await vault.write(ONE, password);
    expect(await new Vault(file, keys()).read(ONE)).toEqual(password);
  },
);

test("an entry with a flipped bit is refused as a matter of signing in, not as a bug", async () => {
  await vaultWithSecret();
  const kept = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  const sealed = Buffer.from(kept["1"] ?? "", "base64");
  sealed[20] = (sealed[20] ?? 0) ^ 1;
  writeFileSync(file, JSON.stringify({ 1: sealed.toString("base64") }));
  await expect(new Vault(file, keys()).read(ONE)).rejects.toMatchObject({ kind: "auth" });
});

test("a vault that cannot be read at all is told apart from one without secrets", () => {
  mkdirSync(file);
  expect(() => new Vault(file, keys())).toThrow(expect.objectContaining({ code: "vault-unavailable" }) as Error);
});

test("a locked vault gives nothing until its passphrase was said", async () => {
  const sealer = keys();
  await sealer.create("secret-long passphrase");
  await new Vault(file, sealer).write(ONE, password);
  const later = keys();
  const vault = new Vault(file, later);
  await expect(vault.read(ONE)).rejects.toMatchObject({ code: "vault-locked" });
  await later.unlock("secret-long passphrase");
  expect(await vault.read(ONE)).toEqual(password);
});
