import { describe, expect, test } from "vitest";
import { oauthBearer, xoauth2 } from "../../main/sasl/bearer.ts";
import { chooseMechanisms } from "../../main/sasl/choose.ts";
import type { ChannelBinding, Party } from "../../main/sasl/dialogue.ts";
import { cramMd5, login, plain } from "../../main/sasl/plain.ts";
import { prepare } from "../../main/sasl/prepare.ts";
import { type ScramOptions, scram } from "../../main/sasl/scram.ts";
import type { Credential } from "../../shared/contract/accounts.ts";

const party = (more: Partial<Party> = {}): Party => ({ user: "user", host: "mail.example.test", port: 143, binding: null, ...more });
const text = (bytes: Buffer | null): string | null => bytes?.toString("utf8") ?? null;
const SHA_1: ScramOptions = { hash: "SHA-1", bound: null, couldBind: false, nonce: "fyko+d2lbbFgONRv9qkxdawL" };
const SHA_256: ScramOptions = { hash: "SHA-256", bound: null, couldBind: false, nonce: "rOprNGfwEbeRWgbNEkqO" };

describe("the examples of the standards", () => {
  test.each([
    [
      "RFC 5802 §5, SCRAM-SHA-1",
      SHA_1,
      "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
      "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
      "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    ],
    [
      "RFC 7677 §3, SCRAM-SHA-256",
      SHA_256,
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
      "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    ],
  ] as const)("%s", async (_name, options, challenge, proof, signature) => {
    const dialogue = scram({ user: "user" }, "pencil", options);
    expect(text(dialogue.first)).toBe(`n,,n=user,r=${options.nonce}`);
    expect(text(await dialogue.answer(Buffer.from(challenge)))).toBe(proof);
    expect(text(await dialogue.answer(Buffer.from(signature)))).toBe("");
    dialogue.finish();
  });

  test("RFC 2195 §2, CRAM-MD5", async () => {
    const dialogue = cramMd5(party({ user: "tim" }), "tanstaaftanstaaf");
    expect(dialogue.first).toBeNull();
    const challenge = "<1896.697170952@postoffice.reston.mci.net>";
    expect(text(await dialogue.answer(Buffer.from(challenge)))).toBe("tim b913a602c7eda7a495b4e6e7334d3890");
    expect(text(await dialogue.answer(Buffer.from("again?")))).toBe("*");
  });

  test("RFC 4616 §4, PLAIN, and LOGIN in the words of any server", async () => {
    expect(text(plain(party({ user: "tim" }), "tanstaaftanstaaf").first)).toBe("\0tim\0tanstaaftanstaaf");
    const dialogue = login(party({ user: "tim" }), "geheim");
    expect(text(await dialogue.answer(Buffer.from("Benutzer:")))).toBe("tim");
    expect(text(await dialogue.answer(Buffer.from("Kennwort:")))).toBe("geheim");
    expect(text(await dialogue.answer(Buffer.from("?")))).toBe("*");
  });

  test("RFC 7628 §4.1, OAUTHBEARER, and XOAUTH2", async () => {
    const bearer = oauthBearer(
      party({ user: "user@example.com", host: "server.example.com" }),
      "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==",
    );
    expect(text(bearer.first)).toBe(
      "n,a=user@example.com,\u0001host=server.example.com\u0001port=143\u0001auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u0001\u0001",
    );
    expect(text(await bearer.answer(Buffer.from("{}")))).toBe("\u0001");
    expect(text(oauthBearer(party({ user: "a=b,c" }), "t").first)).toContain("n,a=a=3Db=2Cc,");
    expect(text(await xoauth2(party(), "t").answer(Buffer.from("{}")))).toBe("");
    for (const make of [xoauth2, oauthBearer]) expect(() => make(party(), "a\u0001auth=Bearer b")).toThrow("invalid-input");
  });

  test.each([
    ["I\u00adX", "IX"],
    ["user", "user"],
    ["USER", "USER"],
    ["\u00aa", "a"],
    ["\u2168", "IX"],
    ["密码　一", "密码 一"],
  ])("RFC 4013 §3, SASLprep: %s", (raw, prepared) => {
    expect(prepare(raw)).toBe(prepared);
  });

  test("what no name and no password may hold is refused", () => {
    for (const raw of ["\u0007", "a\0b", "\ue000", "a\u202eb"]) expect(() => prepare(raw)).toThrow("invalid-input");
  });
});

describe("SCRAM", () => {
  const first = "r=rOprNGfwEbeRWgbNEkqOxyz,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
  const begun = () => scram({ user: "user" }, "pencil", SHA_256);

  test("a server that does not know the password is found out", async () => {
    const dialogue = begun();
    await dialogue.answer(Buffer.from(first));
    await expect(dialogue.answer(Buffer.from(`v=${Buffer.alloc(32).toString("base64")}`))).rejects.toMatchObject({
      code: "server-unproven",
    });
  });

  test("a server that says yes before it has proven itself is not believed", async () => {
    const dialogue = begun();
    await dialogue.answer(Buffer.from(first));
    expect(() => dialogue.finish()).toThrow("server-unproven");
    expect(() => begun().finish()).toThrow("server-unproven");
  });

  test("a refusal in the dialogue is left to the protocol", async () => {
    const dialogue = begun();
    await dialogue.answer(Buffer.from(first));
    expect(text(await dialogue.answer(Buffer.from("e=invalid-proof")))).toBe("");
    expect(() => dialogue.finish()).toThrow("server-unproven");
  });

  test.each([
    ["another's nonce", "r=somebodyelses,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"],
    ["our nonce and nothing of the server's", "r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"],
    ["no salt", "r=rOprNGfwEbeRWgbNEkqOxyz,i=4096"],
    ["iterations that would keep a processor busy for minutes", "r=rOprNGfwEbeRWgbNEkqOxyz,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=900000000"],
    ["a mandatory extension that we do not know", `m=x,${first}`],
    ["nothing", ""],
  ])("%s is no answer to us", async (_name, challenge) => {
    await expect(begun().answer(Buffer.from(challenge))).rejects.toMatchObject({ code: "bad-reply" });
  });

  test("bound to the line, the proof holds what the line has", async () => {
    const bound: ChannelBinding = { kind: "tls-exporter", bytes: Buffer.from("of this line") };
    const dialogue = scram({ user: "user" }, "pencil", { ...SHA_256, bound });
    expect([dialogue.mechanism, text(dialogue.first)]).toEqual(["SCRAM-SHA-256-PLUS", "p=tls-exporter,,n=user,r=rOprNGfwEbeRWgbNEkqO"]);
    const proof = text(await dialogue.answer(Buffer.from(first))) ?? "";
    const c = /^c=([^,]+),/u.exec(proof)?.[1] ?? "";
    expect(Buffer.from(c, "base64").toString()).toBe("p=tls-exporter,,of this line");
  });

  test("each dialogue has a nonce of its own", () => {
    const nonce = () => text(scram({ user: "u" }, "p", { hash: "SHA-256", bound: null, couldBind: false }).first);
    expect(nonce()).not.toBe(nonce());
  });
});

describe("the strongest is chosen", () => {
  const password: Credential = { kind: "password", password: "secret-x" };
  const token: Credential = { kind: "token", accessToken: "secret-t" };
  const binding: ChannelBinding = { kind: "tls-exporter", bytes: Buffer.alloc(32) };
  const chosen = (offered: string, credential: Credential = password, more: Partial<Party> = {}): string[] =>
    chooseMechanisms(new Set(offered.split(" ").filter(Boolean)), credential, party(more)).map((make) => make().mechanism);
  const ALL = "LOGIN PLAIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2";

  test.each([
    [ALL, ["SCRAM-SHA-256"]],
    ["PLAIN SCRAM-SHA-1", ["SCRAM-SHA-1"]],
    ["LOGIN PLAIN CRAM-MD5", ["CRAM-MD5", "PLAIN"]],
    ["LOGIN CRAM-MD5", ["CRAM-MD5", "LOGIN"]],
    ["CRAM-MD5", ["CRAM-MD5"]],
    ["LOGIN PLAIN XOAUTH2", ["PLAIN"]],
    ["LOGIN", ["LOGIN"]],
    // Only bound, and nothing to bind to.
    ["SCRAM-SHA-256-PLUS PLAIN", ["PLAIN"]],
    ["", []],
    ["GSSAPI NTLM", []],
  ])("of %s", (offered, expected) => {
    expect(chosen(offered)).toEqual(expected);
  });

  test("bound to the line where both can, and otherwise the server is told that we could", () => {
    expect(chosen(ALL, password, { binding })).toEqual(["SCRAM-SHA-256-PLUS"]);
    const flag = (offered: string): string | undefined =>
      text(chooseMechanisms(new Set(offered.split(" ")), password, party({ binding }))[0]?.().first ?? null)?.[0];
    expect(flag("SCRAM-SHA-256")).toBe("y");
    expect(flag("SCRAM-SHA-256-PLUS SCRAM-SHA-256")).toBe("p");
    expect(flag("SCRAM-SHA-1-PLUS SCRAM-SHA-256")).toBe("n");
  });

  test("a token goes to who takes tokens, a password to nobody who takes tokens only", () => {
    expect(chosen("PLAIN XOAUTH2 OAUTHBEARER", token)).toEqual(["XOAUTH2"]);
    expect(chosen("OAUTHBEARER SCRAM-SHA-256", token)).toEqual(["OAUTHBEARER"]);
    expect(() => chosen("PLAIN SCRAM-SHA-256", token)).toThrow("not-supported");
    expect(() => chosen("XOAUTH2")).toThrow("browser-sign-in-needed");
  });
});
