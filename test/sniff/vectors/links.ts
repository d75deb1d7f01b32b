import { type Vector, vector } from "../vector.ts";

const link = (rel: string, file = "a.css", more = ""): Vector["html"] => {
  return ({ http }) => `<link rel="${rel}" href="${http(file)}"${more}>`;
};

/** `<link>`, and what makes a browser look up or greet a host before anybody asked. */
export const LINKS: readonly Vector[] = [
  vector("link-stylesheet", "calls", link("stylesheet")),
  vector("link-stylesheet-in-body", "calls", ({ http }) => `<p>x</p><link rel="stylesheet" href="${http("a.css")}">`),
  vector("link-alternate-stylesheet", "calls", link("alternate stylesheet", "a.css", ' title="t"')),
  vector("link-stylesheet-print", "calls", link("stylesheet", "a.css", ' media="print"')),
  vector("link-icon", "nothing", link("icon", "a.gif")),
  vector("link-manifest", "nothing", link("manifest", "a.json")),
  vector("link-preload-image", "calls", link("preload", "a.gif", ' as="image"')),
  vector("link-preload-imagesrcset", "calls", ({ http }) => `<link rel="preload" as="image" imagesrcset="${http("a.gif")} 1x">`),
  vector("link-preload-style", "calls", link("preload", "a.css", ' as="style"')),
  vector("link-preload-script", "calls", link("preload", "a.js", ' as="script"')),
  vector("link-preload-font", "calls", link("preload", "a.woff2", ' as="font" crossorigin')),
  vector("link-preload-fetch", "calls", link("preload", "a.json", ' as="fetch" crossorigin')),
  vector("link-modulepreload", "calls", link("modulepreload", "a.js")),
  vector("link-prefetch", "calls", link("prefetch", "a.html")),
  vector("link-prerender", "nothing", link("prerender", "a.html")),
  vector("link-import", "nothing", link("import", "a.html")),
  vector("link-dns-prefetch", "calls", ({ host }) => `<link rel="dns-prefetch" href="//${host}/">`),
  vector(
    "link-dns-prefetch-asked-for",
    "calls",
    ({ host }) => `<meta http-equiv="x-dns-prefetch-control" content="on"><link rel="dns-prefetch" href="//${host}/">`,
  ),
  vector("link-preconnect", "calls", ({ http }) => `<link rel="preconnect" href="${http("")}">`),
  vector("link-preconnect-https", "calls", ({ https }) => `<link rel="preconnect" href="${https("")}" crossorigin>`),
  vector("anchor-prefetch", "nothing", ({ host }) => `<a href="http://${host}/">x</a>`),
  vector(
    "anchor-prefetch-asked-for",
    "nothing",
    ({ host }) => `<meta http-equiv="x-dns-prefetch-control" content="on"><a href="http://${host}/">x</a>`,
  ),
  vector("area-prefetch", "nothing", ({ host }) => `<map name="m"><area shape="rect" coords="0,0,9,9" href="http://${host}/"></map>`),
  vector("meta-refresh", "calls", ({ http }) => `<meta http-equiv="refresh" content="0;url=${http("a.html")}">`),
  vector("meta-refresh-in-body", "calls", ({ http }) => `<body><p>x</p><meta http-equiv="refresh" content="0; ${http("a.html")}">`),
  vector(
    "meta-refresh-in-noscript",
    "nothing",
    ({ http }) => `<noscript><meta http-equiv="refresh" content="0;url=${http("a.html")}"></noscript>`,
    { scriptless: true },
  ),
  vector("meta-link", "nothing", ({ http }) => `<meta http-equiv="link" content="<${http("a.css")}>; rel=stylesheet">`),
  vector(
    "meta-policy-report",
    "nothing",
    ({ http }) => `<meta http-equiv="content-security-policy" content="img-src 'none'; report-uri ${http("r")}"><img src="x">`,
  ),
  vector(
    "meta-bimi",
    "nothing",
    ({ http }) => `<meta name="bimi-location" content="${http("a.svg")}"><meta property="og:image" content="${http("a.gif")}">`,
  ),
  vector(
    "microdata-action",
    "nothing",
    ({ http }) =>
      `<div itemscope itemtype="http://schema.org/EmailMessage"><link itemprop="url" href="${http("a")}"><img itemprop="image" content="${http("a.gif")}"></div>`,
  ),
  vector("a-pressed", "calls", ({ http }) => `<a href="${http("a.html")}">Press</a>`, { press: true }),
  vector("a-top-pressed", "calls", ({ http }) => `<a target="_top" href="${http("a.html")}">Press</a>`, { press: true }),
  vector("a-parent-pressed", "calls", ({ http }) => `<base target="_parent"><a href="${http("a.html")}">Press</a>`, { press: true }),
  vector("a-blank-pressed", "calls", ({ http }) => `<a target="_blank" href="${http("a.html")}">Press</a>`, { press: true }),
  vector("a-download-pressed", "calls", ({ http }) => `<a download href="${http("a.exe")}">Press</a>`, { press: true }),
  vector("a-ping-pressed", "calls", ({ http }) => `<a href="#x" ping="${http("ping")}">Press</a>`, { press: true }),
  vector(
    "a-cover-pressed",
    "calls",
    ({ http }) => `<a href="${http("a.html")}" style="position:fixed;inset:0;opacity:0">Press</a><p>Press</p>`,
    { press: true },
  ),
  vector("svg-a-pressed", "calls", ({ http }) => `<svg><a href="${http("a.html")}"><text y="20">Press</text></a></svg>`, { press: true }),
  vector(
    "svg-animated-a-pressed",
    "calls",
    ({ http }) => `<svg><a><animate attributeName="href" values="${http("a.html")}"/><text y="20">Press</text></a></svg>`,
    { press: true },
  ),
  vector("math-a-pressed", "nothing", ({ http }) => `<math href="${http("a.html")}"><mtext>Press</mtext></math>`, { press: true }),
  vector("form-get-pressed", "calls", ({ http }) => `<form action="${http("f")}"><input name="q" value="1"><button>Press</button></form>`, {
    press: true,
  }),
  vector(
    "form-post-pressed",
    "calls",
    ({ http }) => `<form method="post" action="${http("f")}"><button name="q" value="1">Press</button></form>`,
    { press: true },
  ),
  vector("form-top-pressed", "calls", ({ http }) => `<form target="_top" action="${http("f")}"><button>Press</button></form>`, {
    press: true,
  }),
  vector("formaction-pressed", "calls", ({ http }) => `<form><button formaction="${http("f")}">Press</button></form>`, { press: true }),
  vector("form-far-button-pressed", "calls", ({ http }) => `<form id="f" action="${http("f")}"></form><button form="f">Press</button>`, {
    press: true,
  }),
  vector(
    "form-label-pressed",
    "calls",
    ({ http }) => `<form action="${http("f")}"><input type="submit" id="i" hidden></form><label for="i">Press</label>`,
    { press: true },
  ),
];
