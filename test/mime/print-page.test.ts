import { expect, test } from "vitest";
import { PRINT_CSP, printPage } from "../../main/mime/print-page.ts";

const message = {
  subject: "Packing list",
  heads: [["From", "Chen <chen@example.test>"]] as const,
  html: "<p>Seven crates</p>",
  lang: "en",
};

test("each message stands in a tree of its own, below its head", () => {
  const page = printPage([message, { ...message, subject: "回复：装箱清单", lang: "zh-CN" }], "en");
  expect(page.match(/<template shadowrootmode="open">/gu)).toHaveLength(2);
  expect(page).toContain("<dt>From</dt><dd>Chen &lt;chen@example.test&gt;</dd>");
  expect(page).toContain('<h1 lang="zh-CN">回复：装箱清单</h1>');
  expect(page).toMatch(/Noto Sans CJK SC/u);
});

test("nothing of a head is markup, whoever wrote it", () => {
  const evil = '</h1><script>1</script><img src=x onerror="1">';
  const page = printPage([{ subject: evil, heads: [[evil, evil]], html: "", lang: '"><script>' }], '"><script>');
  expect(page).not.toMatch(/<script|<img/u);
  expect(page).toContain("<html>");
});

test("what was quoted is printed unfolded", () => {
  const page = printPage([{ ...message, html: '<details class="satchel-quote"><summary>Earlier</summary><p>before</p></details>' }], "en");
  expect(page).toContain('<details open class="satchel-quote">');
});

test("the page may open a dialog for its window, and nothing else", () => {
  expect(PRINT_CSP).toContain("script-src 'none'");
  expect(PRINT_CSP.split("; ").at(-1)).toBe("sandbox allow-same-origin allow-modals");
});
