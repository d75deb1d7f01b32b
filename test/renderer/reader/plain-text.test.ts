import { describe, expect, it } from "vitest";
import { langOf } from "../../../renderer/i18n/lang-of.ts";
import { linkTarget, saysOtherSite, withLinks } from "../../../renderer/ui/reader/links.ts";
import { splitQuoted } from "../../../renderer/ui/reader/quoted.ts";

describe("a body of plain text", () => {
  it("folds what was quoted together with the line that introduces it", () => {
    expect(splitQuoted("Yes.\r\n\r\nOn Friday Mira wrote:\r\n> Shall we?\r\n> M.\r\n")).toEqual([
      { quoted: false, text: "Yes." },
      { quoted: true, text: "On Friday Mira wrote:\n> Shall we?\n> M." },
    ]);
    expect(splitQuoted("好的。\n\n2026年11月20日，陈晓雯写道：\n> 可以吗？").map(({ quoted }) => quoted)).toEqual([false, true]);
  });

  it("keeps an answer written between quotations in sight", () => {
    expect(splitQuoted("> One?\nYes.\n> Two?\nNo.").map(({ quoted }) => quoted)).toEqual([true, false, true, false]);
  });

  it("makes links of addresses, without the full stop that ends the sentence", () => {
    expect(withLinks("See https://kiln-works.example/log/3. Or ask desk@road-rail.example.").filter(({ kind }) => kind === "link")).toEqual(
      [
        { kind: "link", text: "https://kiln-works.example/log/3", href: "https://kiln-works.example/log/3" },
        { kind: "link", text: "desk@road-rail.example", href: "mailto:desk@road-rail.example" },
      ],
    );
    expect(withLinks("地址是 https://a.example/发票，请查收").find(({ kind }) => kind === "link")?.text).toBe("https://a.example/发票");
  });
});

describe("a link in mail", () => {
  it("is followed only to web pages and addresses", () => {
    expect(linkTarget("javascript:alert(1)")).toBeNull();
    expect(linkTarget("file:///etc/passwd")).toBeNull();
    expect(linkTarget("https://a.example/x")?.hostname).toBe("a.example");
  });

  it("is asked about when its words name another site", () => {
    const target = new URL("https://nw-verify.example/login");
    expect(saysOtherSite("northwind-bank.example", target)).toBe(true);
    expect(saysOtherSite("https://www.northwind-bank.example/login", target)).toBe(true);
    expect(saysOtherSite("Confirm my identity", target)).toBe(false);
    expect(saysOtherSite("nw-verify.example", target)).toBe(false);
    expect(saysOtherSite("bank.example", new URL("https://www.bank.example/a"))).toBe(false);
    expect(saysOtherSite("bank.example", new URL("https://bank.example.evil.example/"))).toBe(true);
  });
});

it("gives each text the language whose characters it needs", () => {
  expect(langOf("搬入日時について")).toBe("ja");
  expect(langOf("附件是更新后的报价单")).toBe("zh-CN");
  expect(langOf("臺北那邊的發票要另外開")).toBe("zh-TW");
  expect(langOf("안녕하세요")).toBe("ko");
  expect(langOf("Kiln 3 is back up")).toBe("und");
});
