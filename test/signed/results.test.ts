import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseResults } from "../../main/signed/results.ts";

describe("Authentication-Results (RFC 8601)", () => {
  test("of Gmail, with comments, quotes and signatures in it", () => {
    const parsed = parseResults(
      ' mx.google.com;\r\n dkim=pass header.i=@bank.example header.s=s1 header.b="Ab+/=";\r\n spf=pass (google.com: domain of x@bank.example (really) designates 1.2.3.4) smtp.mailfrom=x@bank.example;\r\n dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=bank.example',
    );
    expect(parsed).toMatchObject({
      server: "mx.google.com",
      results: [
        { method: "dkim", result: "pass", properties: { "header.i": "@bank.example", "header.b": "Ab+/=" } },
        { method: "spf", result: "pass", properties: { "smtp.mailfrom": "x@bank.example" } },
        { method: "dmarc", result: "pass", comment: "p=REJECT sp=REJECT dis=NONE", properties: { "header.from": "bank.example" } },
      ],
    });
  });

  test.each([
    ["a version and nothing found", "example.org 1; none", { server: "example.org", results: [] }],
    ["blanks around the signs", 'example.org ; dkim / 1 = fail reason = "bad; key"', { results: [{ method: "dkim", result: "fail" }] }],
    [
      "base64 without quotes",
      "a.example; dkim=pass header.b=Ab=/+== header.d=b.example",
      { results: [{ properties: { "header.d": "b.example" } }] },
    ],
    [
      "a property said twice: the first",
      "a.example; dkim=pass header.d=b.example header.d=c.example",
      { results: [{ properties: { "header.d": "b.example" } }] },
    ],
    ["a finding inside a comment", "a.example; spf=fail (; dmarc=pass header.from=x)", { results: [{ method: "spf" }] }],
  ])("%s", (_what, text, expected) => {
    expect(parseResults(text)).toMatchObject(expected);
  });

  test.each(["", ";", "spf=pass smtp.mailfrom=x; dkim=pass", "(only a comment)"])("no server's word: %s", (text) => {
    expect(parseResults(text)).toBeNull();
  });

  test("nothing that is sent throws, takes long or makes a finding without a name", () => {
    const piece = fc.constantFrom("a.example", ";", "=", "(", ")", '"', "\\", " ", "\r\n ", "dkim", "pass", "header.d", "/", "1", "é");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        for (const { method, properties } of parseResults(pieces.join(""))?.results ?? []) {
          expect(method).not.toMatch(/[\s;="()]/u);
          for (const name of Object.keys(properties)) expect(name).toContain(".");
        }
      }),
    );
  });

  test("what was written is read again", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/u);
    const value = fc.string({ minLength: 1, maxLength: 20 });
    const finding = fc.record({ method: word, result: word, name: word, value });
    fc.assert(
      fc.property(word, fc.array(finding, { maxLength: 5 }), (server, findings) => {
        const text = findings.map(
          (one) => `; (a \\) b)${one.method}=${one.result} header.${one.name}="${one.value.replace(/["\\]/gu, "\\$&")}"`,
        );
        const parsed = parseResults(server + text.join(""));
        expect(parsed?.results.map(({ method, result, properties }) => ({ method, result, properties }))).toEqual(
          findings.map((one) => ({ method: one.method, result: one.result, properties: { [`header.${one.name}`]: one.value } })),
        );
      }),
    );
  });
});
