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

  it.each([
    ["Gmail", "On Fri, Nov 20, 2026 at 9:41 AM Mira Okafor <mira@atelier.example>\nwrote:\n\n> Shall we?"],
    ["Gmail in Chinese", "Mira <mira@atelier.example> 于2026年11月20日周五 09:41写道：\n\n> 可以吗？"],
    ["Apple Mail", "> On Nov 20, 2026, at 9:41 AM, Mira <mira@atelier.example> wrote:\n>\n> Shall we?"],
    ["Thunderbird", "On 20.11.2026 09:41, Mira wrote:\n> Shall we?\n> M."],
    ["Thunderbird in Chinese", "在 2026/11/20 9:41, 陈晓雯 写道:\n> 可以吗？"],
    [
      "Outlook",
      "________________________________\nFrom: Mira <mira@atelier.example>\nSent: Friday, November 20, 2026 9:41 AM\nTo: Lin\nSubject: Osaka\n\nShall we?",
    ],
    ["Outlook's marker", "-----Original Message-----\nFrom: Mira\nSent: Friday\nTo: Lin\nSubject: Osaka\n\nShall we?"],
    ["Outlook in Chinese", "发件人: 陈晓雯 <chen@example.test>\n发送时间: 2026年11月20日 9:41\n收件人: 林\n主题: 大阪\n\n可以吗？"],
    [
      "QQ",
      '------------------ 原始邮件 ------------------\n发件人: "陈晓雯"\n发送时间: 2026年11月20日(星期五) 上午9:41\n主题: 大阪\n\n可以吗？',
    ],
    ["163", '在 2026-11-20 09:41:00，"陈晓雯" <chen@example.test> 写道：\n\n可以吗？\n\n陈'],
    ["163 by phone", "---- 回复的原邮件 ----\n发件人 陈晓雯\n\n可以吗？"],
    ["Foxmail", "发件人： 陈晓雯\n发送时间： 2026-11-20 09:41\n收件人： 林\n主题： 大阪\n可以吗？"],
  ])("folds what %s quotes, and nothing of the answer above it", (_, quoted) => {
    expect(splitQuoted(`Yes, 好的。\n\nLin\n\n${quoted}\n`)).toEqual([
      { quoted: false, text: "Yes, 好的。\n\nLin" },
      { quoted: true, text: quoted },
    ]);
  });

  it.each([
    "From: the harbour, with love.\nTo: nobody in particular.",
    "He wrote:\nnothing at all.",
    "----------\nA rule is no quotation.",
    "发件人：请填写\n您的姓名。",
    "On Monday we met.\nShe wrote: yes.",
  ])("takes ordinary words for what they are: %j", (text) => {
    expect(splitQuoted(text)).toEqual([{ quoted: false, text }]);
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

it("a word without end is looked through once", () => {
  const word = "x".repeat(400_000);
  expect(withLinks(`${word} mira@kiln.example ${word}`)).toEqual([
    { kind: "text", text: `${word} ` },
    { kind: "link", text: "mira@kiln.example", href: "mailto:mira@kiln.example" },
    { kind: "text", text: ` ${word}` },
  ]);
});
