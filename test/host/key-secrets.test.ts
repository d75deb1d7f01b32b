import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SCRYPT } from "../../main/accounts/passphrase-key.ts";
import { KeySecrets, keyFolder } from "../../main/host/key-secrets.ts";

let root = "";
let profile = "";
let keys = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "satchel-secrets-"));
  profile = join(root, "profile");
  keys = join(root, "keys");
  mkdirSync(profile);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const PASSWORD = Buffer.from("secret-password of the mailbox");

describe("a passphrase", () => {
  test("seals secrets that another start opens with the same words only", async () => {
    const first = new KeySecrets(profile, keys);
    expect(await first.create("secret-horse")).toMatchObject({ kind: "passphrase", locked: false, warning: "none" });
    const sealed = await first.seal(PASSWORD);
    expect(Buffer.from(sealed).includes(PASSWORD)).toBe(false);

    const next = new KeySecrets(profile, keys);
    expect(await next.state()).toMatchObject({ kind: "passphrase", locked: true });
    await expect(next.unseal(sealed)).rejects.toMatchObject({ code: "vault-locked" });
    await expect(next.unlock("wrong horse")).rejects.toMatchObject({ code: "wrong-passphrase" });
    expect(await next.state()).toMatchObject({ locked: true });
    expect(await next.unlock("secret-horse")).toMatchObject({ locked: false });
    expect(Buffer.from(await next.unseal(sealed))).toEqual(PASSWORD);
  });

  test("costs a guesser at least 2^17 rounds of scrypt, and is in no file", async () => {
    expect(SCRYPT.N).toBeGreaterThanOrEqual(2 ** 17);
    await new KeySecrets(profile, keys).create("secret-horse");
    for (const name of readdirSync(profile)) {
      expect(readFileSync(join(profile, name), "utf8")).not.toContain("secret-horse");
      expect(statSync(join(profile, name)).mode & 0o077).toBe(0);
    }
  });

  test("a changed byte is noticed, and two seals of one secret differ", async () => {
    const secrets = new KeySecrets(profile, keys);
    await secrets.create("secret-horse");
    const [one, two] = [await secrets.seal(PASSWORD), await secrets.seal(PASSWORD)];
    expect(one).not.toEqual(two);
    const changed = Buffer.from(one);
    changed.writeUInt8(changed.readUInt8(20) ^ 1, 20);
    await expect(secrets.unseal(changed)).rejects.toMatchObject({ code: "wrong-passphrase" });
  });
});

describe("a key file", () => {
  test("lies outside the profile, for its owner only, and comes with a warning", async () => {
    const secrets = new KeySecrets(profile, keys);
    expect(await secrets.state()).toMatchObject({ kind: "none" });
    expect(await secrets.create(null)).toEqual({ kind: "key-file", locked: false, place: keys, warning: "key-file-beside-profile" });
    const [file = ""] = readdirSync(keys);
    expect(statSync(join(keys, file)).mode & 0o777).toBe(0o600);
    const sealed = await secrets.seal(PASSWORD);
    expect(Buffer.from(await new KeySecrets(profile, keys).unseal(sealed))).toEqual(PASSWORD);
  });

  test("that was lost is reported as such instead of being made anew", async () => {
    const secrets = new KeySecrets(profile, keys);
    await secrets.create(null);
    const sealed = await secrets.seal(PASSWORD);
    rmSync(keys, { recursive: true });
    const next = new KeySecrets(profile, keys);
    expect(await next.state()).toMatchObject({ warning: "unavailable" });
    await expect(next.unseal(sealed)).rejects.toMatchObject({ code: "vault-unavailable" });
    await expect(next.create(null)).rejects.toMatchObject({ code: "vault-unavailable" });
  });

  test("has its folder among the user's settings", () => {
    expect(keyFolder({}, "/home/user1")).toBe("/home/user1/.config/satchel-keys");
    expect(keyFolder({ XDG_CONFIG_HOME: "/cfg" }, "/home/user1")).toBe("/cfg/satchel-keys");
  });
});
