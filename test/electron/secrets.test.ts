import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { KeySecrets } from "../../main/host/key-secrets.ts";

const double = await vi.hoisted(async () => (await import("./electron-double.ts")).electronDouble());
vi.mock("electron", () => double.module);
const { ElectronSecrets } = await import("../../main/electron/secrets.ts");
const { safeStorage } = double.module;

let folder = "";
let fallback: KeySecrets;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-electron-secrets-"));
  mkdirSync(join(folder, "profile"));
  fallback = new KeySecrets(join(folder, "profile"), join(folder, "keys"));
});
afterEach(() => {
  vi.clearAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const PASSWORD = Buffer.from([0, 255, 65, 66]);

describe("secrets in Electron", () => {
  test("go to the system's key store, byte for byte", async () => {
    const secrets = new ElectronSecrets("linux", fallback);
    expect(await secrets.state()).toEqual({ kind: "system", locked: false, place: "gnome_libsecret", warning: "none" });
    expect(Buffer.from(await secrets.unseal(await secrets.seal(PASSWORD)))).toEqual(PASSWORD);
    expect(safeStorage.encryptStringAsync).toHaveBeenCalledOnce();
  });

  test("are refused to a store whose key everybody knows, and kept under a passphrase instead", async () => {
    safeStorage.getSelectedStorageBackend.mockReturnValue("basic_text");
    const secrets = new ElectronSecrets("linux", fallback);
    expect(await secrets.state()).toMatchObject({ kind: "none", warning: "basic-text" });
    await expect(secrets.seal(PASSWORD)).rejects.toMatchObject({ code: "vault-unavailable" });
    expect(await secrets.create(null)).toMatchObject({ kind: "key-file" });
    expect(Buffer.from(await secrets.unseal(await secrets.seal(PASSWORD)))).toEqual(PASSWORD);
    expect(safeStorage.encryptStringAsync).not.toHaveBeenCalled();
    // The keyring came back; the profile's secrets stay where they are.
    safeStorage.getSelectedStorageBackend.mockReturnValue("gnome_libsecret");
    expect(await secrets.state()).toMatchObject({ kind: "key-file" });
  });

  test("a keyring that never answers is given up after the deadline", async () => {
    safeStorage.isAsyncEncryptionAvailable.mockReturnValueOnce(new Promise(() => undefined));
    const secrets = new ElectronSecrets("linux", fallback, 20);
    expect(await secrets.state()).toMatchObject({ kind: "none", warning: "unavailable" });
    safeStorage.decryptStringAsync.mockReturnValueOnce(new Promise(() => undefined));
    await expect(secrets.unseal(PASSWORD)).rejects.toMatchObject({ code: "vault-unavailable" });
  });

  test("a refusal of the key store is a failure with its sentence", async () => {
    safeStorage.encryptStringAsync.mockRejectedValueOnce(new Error("keychain denied"));
    await expect(new ElectronSecrets("darwin", fallback).seal(PASSWORD)).rejects.toMatchObject({ kind: "auth", code: "vault-unavailable" });
  });
});
