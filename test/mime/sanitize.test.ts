import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type SanitizeOptions, sanitizeHtml } from "../../main/mime/sanitize.ts";
import { corporaDir } from "./support/corpora.ts";
import { executableTraces } from "./support/executable.ts";

const blocked: SanitizeOptions = { cidUrl: () => null, remoteUrl: () => null, quoteLabel: "Quoted text" };
const clean = (html: string, options: Partial<SanitizeOptions> = {}) => sanitizeHtml(html, { ...blocked, ...options });
const dir = corporaDir();

test("scripts, forms, frames, refreshes and plugins do not survive", () => {
  const { html } = clean(
    `<meta http-equiv="refresh" content="0;url=https://e.test"><base href="https://e.test/"><link rel="stylesheet" href="https://e.test/x.css">
     <form action="https://e.test"><input name="p"><button>Go</button></form><iframe src="https://e.test"></iframe><object data="x"></object><embed src="x">
     <svg><image href="https://e.test/x.png"/></svg><script>alert(1)</script><p onclick="alert(1)">Words</p>`,
  );
  expect(html).toBe('<div class="satchel-mail">\n     <p>Words</p></div>'.replace("\n     ", html.slice(26, html.indexOf("<p>"))));
  expect(html).not.toMatch(/e\.test|<(?:form|input|button|iframe|object|embed|svg|script|meta|base|link)/u);
});

test("no address of a remote host is left in any place that loads, and all hosts are named", () => {
  const { html, remoteHosts } = clean(
    `<style>@import url(https://a.test/x.css); @font-face{font-family:x;src:url(https://b.test/f.woff)} .x{background:u\\72l(https://c.test/c.png)}
      .y{background-image:-webkit-image-set("https://d.test/d.png" 1x)} .z{--v:url(https://e.test/v.png);background:var(--v)} .ok{color:red}
      @media (max-width:600px){.m{background:url('//f.test/m.png')}}</style>
     <body background="https://g.test/b.png"><img src="https://h.test/i.png"><img srcset="https://i.test/2x.png 2x"><img src="ht\ntps://j.test/n.png">
     <table background="http://k.test/t.png"><tr><td style="background:url(https://l.test/s.png)">x</td></tr></table>
     <div style="list-style:url(&quot;https://m.test/l.png&quot;)">y</div><video poster="https://n.test/p.jpg" src="https://n.test/v.mp4"></video>
     <img src="\\\\o.test\\x.png"><a href="https://link.test/page">link</a></body>`,
  );
  const withoutLink = html.replace("https://link.test/page", "");
  expect(withoutLink).not.toMatch(/\.test/u);
  expect(html).toContain(".ok{color:red}");
  expect(remoteHosts).toEqual(expect.arrayContaining(["f.test", "h.test", "j.test", "k.test", "l.test", "m.test", "o.test"]));
  expect(remoteHosts).not.toContain("link.test");
});

test("an escape in the name of a function hides no address, and no picture follows the pointer out of the frame", () => {
  expect(clean(String.raw`<p style="background:\75 rl('https://a.test/b.gif')">x</p>`).html).toBe(
    '<div class="satchel-mail"><p>x</p></div>',
  );
  const cursor = "cursor:url(data:image/png;base64,AA==) 60 60,auto";
  expect(clean(`<style>p{${cursor}}</style><p style="${cursor}">x</p>`).html).not.toContain("data:");
  expect(clean('<p style="cursor:pointer">x</p>').html).toContain("cursor:pointer");
});

test("allowed pictures go through the callback, pictures of the message through its Content-ID", () => {
  const { html, usedCids } = clean(
    '<img src="https://a.test/x.png?u=1&v=2"><img src="cid:logo@x"><div style="background:url(cid:logo@x)">x</div>',
    {
      remoteUrl: (url) => `remote/${encodeURIComponent(url)}`,
      cidUrl: (cid) => `part/${cid === "logo@x" ? "2" : "0"}`,
    },
  );
  expect(html).toContain('src="remote/https%3A%2F%2Fa.test%2Fx.png%3Fu%3D1%26v%3D2"');
  expect(html).toContain('src="part/2"');
  expect(html).toContain("url(part/2)");
  expect(usedCids).toEqual(["logo@x"]);
});

test("nothing leaves its place: fixed, sticky and absolute positions are dropped", () => {
  const { html } = clean(
    '<style>.a{position:fixed;top:0;color:red} .b{pos\\69tion:absolute}</style><p style="position: absolute; color: blue">x</p><p style="position:relative">y</p>',
  );
  expect(html).not.toMatch(/fixed|absolute/u);
  expect(html).toContain("color:blue");
  expect(html).toContain("position:relative");
});

test("a style sheet cannot close its own element", () => {
  const { html } = clean(`<style>.a{content:"</style><img src=x onerror=alert(1)>"}</style><p>x</p>`);
  expect(executableTraces(html)).toEqual([]);
});

test("links open outside and tell nobody where they were clicked; script addresses are no links", () => {
  const { html } = clean(
    '<a href="https://a.test/" target="_top" ping="https://p.test">a</a><a href=" java\nscript:alert(1)">b</a><a href="#x">c</a><a href="data:text/html,x">d</a>',
  );
  expect(html).toContain('<a href="https://a.test/" target="_blank" rel="noopener noreferrer">a</a>');
  expect(html).toContain("<a>b</a>");
  expect(html).toContain('<a href="#x">c</a>');
  expect(html).toContain("<a>d</a>");
});

describe("quoted text", () => {
  const folded = (html: string) => clean(html).html;
  test.each([
    ["Gmail", '<div>Yes.</div><div class="gmail_quote"><div class="gmail_attr">On Monday X wrote:</div><blockquote>old</blockquote></div>'],
    ["Apple Mail", '<div>Yes.</div><div>On 1 May, X wrote:</div><blockquote type="cite">old</blockquote>'],
    ["Outlook on the web", '<div>Yes.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: X</div><div>old</div>'],
    [
      "Outlook for Windows",
      '<p>Yes.</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3pt"><p><b>From:</b> X</p></div></div><p>old</p>',
    ],
    [
      "QQ Mail",
      '<div>好的。</div><div><br></div><div style="font-size:12px">------------------ 原始邮件 ------------------</div><div>发件人: X</div><div>old</div>',
    ],
    ["163", '<div>好的。</div><div id="isReplyContent">在 2026-05-01，X 写道：<blockquote>old</blockquote></div>'],
    [
      "Gmail in Chinese",
      '<div dir="ltr">好的。</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">陈晓雯 &lt;<a href="mailto:c@e.test">c@e.test</a>&gt; 于2026年11月20日周五 09:41写道：<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">old</blockquote></div>',
    ],
    [
      "Apple Mail in Chinese",
      '<div>好的。</div><div><br><blockquote type="cite"><div>2026年11月20日 09:41，陈晓雯 &lt;c@e.test&gt; 写道：</div><br><div>old</div></blockquote></div>',
    ],
    [
      "Thunderbird",
      '<p>Yes.</p><div class="moz-cite-prefix">On 20.11.2026 09:41, Mira wrote:<br></div><blockquote type="cite" cite="mid:x@y.test">old</blockquote>',
    ],
    [
      "Thunderbird in Chinese",
      '<p>好的。</p><div class="moz-cite-prefix">在 2026/11/20 9:41, 陈晓雯 写道:<br></div><blockquote type="cite" cite="mid:x@y.test">old</blockquote>',
    ],
    [
      "Outlook for Windows in Chinese",
      '<p class="MsoNormal">好的。</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>发件人<span lang="EN-US">:</span></b> 陈晓雯<br><b>发送时间:</b> 2026年11月20日 9:41<br><b>收件人:</b> 林<br><b>主题:</b> 大阪</p></div></div><p>old</p>',
    ],
    [
      "Outlook for iOS in Chinese",
      '<div>好的。</div><div id="ms-outlook-mobile-signature">获取 Outlook for iOS</div><hr style="width:98%"><div id="divRplyFwdMsg" dir="ltr"><b>发件人:</b> 陈晓雯<br><b>发送时间:</b> 星期五</div><div>old</div>',
    ],
    [
      "QQ Mail with its hard spaces",
      '<div>好的。</div><div><br></div><div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;"><div><b>发件人:</b>&nbsp;"陈晓雯"</div><div><b>发送时间:</b>&nbsp;2026年11月20日(星期五) 上午9:41</div></div><div>old</div>',
    ],
    [
      "QQ Mail in English",
      '<div>Yes.</div><div style="font-size: 12px;">------------------&nbsp;Original&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;"><div><b>From:</b>&nbsp;"Mira"</div></div><div>old</div>',
    ],
    [
      "163 with the line above it",
      '<div style="line-height:1.7;font-size:14px"><div>好的。</div><div style="zoom:1"><p>在 2026-11-20 09:41:00，"陈晓雯" &lt;c@e.test&gt; 写道：</p><blockquote id="isReplyContent" style="padding-left:1ex">old</blockquote></div></div>',
    ],
    [
      "163 in English",
      '<div style="line-height:1.7;font-size:14px"><div>Yes.</div><pre><br>At 2026-11-20 09:41:00, "Mira" &lt;m@e.test&gt; wrote:<br>&gt;old</pre></div>',
    ],
    [
      "163 by phone",
      '<div>好的。</div><div class="ntes_not_fresh_fold">---- 回复的原邮件 ----<table><tr><td>发件人</td><td>陈晓雯</td></tr></table><div>old</div></div>',
    ],
    [
      "Foxmail",
      '<div>好的。</div><blockquote style="margin-Top:0px;margin-Left:0.5em"><div>&nbsp;</div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><div style="font-size:12px;background:#efefef"><div><b>发件人：</b>&nbsp;陈晓雯</div><div><b>发送时间：</b>&nbsp;2026-11-20&nbsp;09:41</div><div><b>收件人：</b>&nbsp;林</div><div><b>主题：</b>&nbsp;大阪</div></div></div><div>old</div></blockquote>',
    ],
  ])("of %s is folded, the answer above it is not", (_client, html) => {
    const out = folded(html);
    const [own = "", quoted = ""] = out.split("<details");
    expect(own).toMatch(/Yes\.|好的/u);
    expect(own).not.toMatch(/old|写道|wrote|原始邮件|发件人/u);
    expect(quoted).toContain("old");
    expect(quoted.slice(0, 40)).not.toContain("open");
  });

  test("stays open when there is nothing else to read", () => {
    expect(folded('<blockquote type="cite">only this</blockquote>')).toContain('<details class="satchel-quote" open');
  });

  test("that is forwarded is not folded", () => {
    expect(folded('<p>See below</p><div class="gmail_quote">---------- Forwarded message ---------<br>From: X</div>')).not.toContain(
      "<details",
    );
  });
});

test("a hundred thousand nested elements are shown as text", () => {
  const { html } = clean(`${"<div>".repeat(100_000)}deep words${"</div>".repeat(100_000)}`);
  expect(html).toContain("deep words");
  expect(html).not.toContain("<div><div>");
});

test.skipIf(dir === null)("of the 223 payloads of DOMPurify none keeps a trace that could run", () => {
  const payloads = JSON.parse(readFileSync(join(dir ?? "", "html/dompurify/expect.json"), "utf8")) as { payload: string }[];
  expect(payloads).toHaveLength(223);
  const surviving = payloads.filter(({ payload }) => executableTraces(clean(payload).html).length > 0);
  expect(surviving.map(({ payload }) => payload)).toEqual([]);
});

test("links whose words name another site are told, those that name their own or none are not", () => {
  const { strangeLinks } = clean(
    '<a href="https://evil.test/x">www.bank.example</a> <a href="https://login.bank.example/">bank.example</a> <a href="https://evil.test">Pay now</a> <a href="mailto:a@b.test">c.test</a>',
  );
  expect(strangeLinks).toEqual([{ named: "www.bank.example", host: "evil.test" }]);
});

describe("a picture that is not shown", () => {
  const shown = (html: string): string => clean(html, { standIns: true }).html.replace(/^<div class="satchel-mail">|<\/div>$/gu, "");

  test("has its words in its place, and none of its room", () => {
    expect(shown('<img class="hero" src="https://a.test/h.jpg" width="600" height="400" alt="Sale &lt;b&gt;">')).toBe(
      '<span class="satchel-picture hero">Sale &lt;b&gt;</span>',
    );
    expect(shown('<img src="https://a.test/h.jpg" style="width:600px;height:400px">')).toBe('<span class="satchel-picture"></span>');
    expect(shown('<img src="cid:gone" width="600" height="400" alt=" ">')).toBe('<span class="satchel-picture"></span>');
  });

  test("gives back the room of the cell that was made for it alone", () => {
    const cell = (inside: string): string =>
      `<table><tbody><tr><td height="400" style="color:red;height:400px">${inside}</td></tr></tbody></table>`;
    const picture = '<img src="https://a.test/h.jpg" width="600" height="400" alt="Sale">';
    expect(shown(cell(`<a href="https://b.test/"> ${picture}</a>`))).toContain('<td style="color:red;">');
    expect(shown(cell(`${picture} until Sunday`))).toContain('<td height="400" style="color:red;height:400px">');
    expect(shown(cell(picture + picture))).toContain('<td height="400"');
  });

  test.each([
    ["counts readers", 'width="1" height="1" alt="opened"'],
    ["keeps a distance", 'style="height: 8px; width: 600px" alt=""'],
    ["is a bullet without words", 'width="24" height="24" alt=""'],
    ["was hidden by its sender", 'style="display:none" alt="for small windows"'],
  ])("stays without words when it %s", (_, attributes) => {
    expect(shown(`<img src="https://a.test/x.gif" ${attributes}>`)).toMatch(/^<img (?!.*alt)(?!.*src)[^>]*>$/u);
  });

  test("has nothing in its place once it may be shown, or where it is sent on", () => {
    const picture = '<img src="https://a.test/h.jpg" width="600" height="400" alt="Sale">';
    expect(clean(picture, { standIns: true, remoteUrl: (url) => url }).html).toContain(picture.slice(0, -1));
    expect(clean(picture).html).not.toContain("satchel-picture");
  });
});
