const PICTURE = "data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==";
const WORDS = "Stoneware from the river works, in four glazes, thrown and fired within sight of the ferry. ";

/** Mail of a fixed width, in the ways that it is fixed. All of it made up. */
export const WIDE_LETTERS: readonly { readonly name: string; readonly html: string }[] = [
  {
    name: "table by attribute, 600",
    html: `<table width="600" cellpadding="0" cellspacing="0" align="center"><tr><td width="600"><img src="${PICTURE}" width="600" height="180"></td></tr><tr><td><table width="600"><tr><td width="290" valign="top"><h2>Left</h2><p>${WORDS}</p></td><td width="20"></td><td width="290" valign="top"><h2>Right</h2><p>${WORDS}</p></td></tr></table></td></tr><tr><td style="padding:20px">${WORDS}${WORDS}</td></tr></table>`,
  },
  {
    name: "div by style, 800",
    html: `<div style="width:800px;min-width:800px;margin:0 auto;border:1px solid #ddd"><div style="width:760px;padding:20px"><h1>Notice</h1><p>${WORDS}${WORDS}</p><img src="${PICTURE}" style="width:760px;height:90px"></div></div>`,
  },
  {
    name: "three columns, 960, nothing may wrap",
    html: `<table style="width:960px;table-layout:fixed"><tr>${[1, 2, 3].map((at) => `<td style="width:320px;white-space:nowrap"><b>Column ${at}</b> ${WORDS}</td>`).join("")}</tr></table>`,
  },
  {
    name: "sheet with important widths, 1200",
    html: `<style>.w{width:1200px !important;min-width:1200px !important} .c{width:400px !important}</style><table class="w"><tr><td class="c">${WORDS}</td><td class="c">${WORDS}</td><td class="c"><img src="${PICTURE}" width="400" height="60"></td></tr></table>`,
  },
  {
    name: "sums in twelve columns",
    html: `<table border="1" cellpadding="6">${[1, 2, 3].map((row) => `<tr>${Array.from({ length: 12 }, (_, at) => `<td nowrap>${row}${at} 000.00 CNY</td>`).join("")}</tr>`).join("")}</table>`,
  },
  {
    name: "a word without end, and lines of code",
    html: `<p>https://kiln.example/${"a1b2c3d4".repeat(60)}</p><pre style="width:1000px;white-space:pre">${"const shelf = 312;  ".repeat(12)}</pre><code>${"x".repeat(400)}</code>`,
  },
  {
    name: "Chinese notice, 750",
    html: `<table width="750" style="font-size:14px"><tr><td width="120" nowrap>订单编号</td><td>2026112600187354</td><td width="120" nowrap>下单时间</td><td width="240" nowrap>2026年11月26日 19:36:24</td></tr><tr><td colspan="4"><div style="width:720px">${"尊敬的客户，您好！您的订单已经发货，预计三日内送达，请注意查收。".repeat(4)}</div></td></tr></table>`,
  },
];
