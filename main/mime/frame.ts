import { standInStyle } from "./picture-stand-ins.ts";

/**
 * Sent with every frame document, as a second wall behind the sanitiser: no script, no form, no frame, no connection; pictures
 * and style only. Pictures come from the frame's own host; `data:` ones are in the message already. Scripts stay forbidden by
 * the sandbox as well; `allow-same-origin` is harmless without them and lets the window measure the height.
 */
export const FRAME_CSP = [
  "default-src 'none'",
  "img-src 'self' data:",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "script-src 'none'",
  "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox",
].join("; ");

/** Colours and sizes of the window that shows the frame. */
export type FrameTheme = {
  readonly dark: boolean;
  readonly text: string;
  readonly muted: string;
  readonly ground: string;
  readonly line: string;
  readonly link: string;
  readonly bodyTextPx: number;
};

export const LIGHT_THEME: FrameTheme = {
  dark: false,
  text: "#1d1e1c",
  muted: "#565752",
  ground: "#ffffff",
  line: "#cdccc6",
  link: "#0e6a61",
  bodyTextPx: 15,
};
/** A message with colours of its own was made for white paper. */
const PAPER = { text: "#1d1e1c", muted: "#565752", ground: "#ffffff", line: "#cdccc6", link: "#0e6a61" };

type Faces = { readonly [system: string]: string };
/** By system: a browser asks for every family that is missing again with each size and weight, and lays nothing out meanwhile. */
const LATIN: Faces = {
  darwin: "-apple-system, BlinkMacSystemFont",
  win32: '"Segoe UI Variable Text", "Segoe UI"',
  other: '"Adwaita Sans", "Inter", "Ubuntu", "Cantarell", "Noto Sans"',
};
const CJK: readonly { lang: RegExp; faces: Faces }[] = [
  {
    lang: /^zh-(?:TW|HK|Hant)/iu,
    faces: { darwin: '"PingFang TC"', win32: '"Microsoft JhengHei UI"', other: '"Noto Sans CJK TC", "Source Han Sans TC"' },
  },
  {
    lang: /^zh/iu,
    faces: {
      darwin: '"PingFang SC"',
      win32: '"Microsoft YaHei UI", "Microsoft YaHei"',
      other: '"Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei"',
    },
  },
  {
    lang: /^ja/iu,
    faces: { darwin: '"Hiragino Sans"', win32: '"Yu Gothic UI", "Meiryo"', other: '"Noto Sans CJK JP", "Source Han Sans"' },
  },
  { lang: /^ko/iu, faces: { darwin: '"Apple SD Gothic Neo"', win32: '"Malgun Gothic"', other: '"Noto Sans CJK KR"' } },
];

/** The fonts that a system has for a language (BCP 47, or ""), Latin faces first, as a value of `font-family`. */
export function facesFor(lang: string, platform: string = process.platform): string {
  const own = (faces: Faces | undefined): string | undefined => faces?.[platform] ?? faces?.["other"];
  return [own(LATIN), own(CJK.find((entry) => entry.lang.test(lang))?.faces), "sans-serif"]
    .filter((entry) => entry !== undefined)
    .join(", ");
}

export type FrameOptions = {
  /** BCP 47 of the message, or "". */
  readonly lang: string;
  /** From `sanitizeHtml`: shown on light ground whatever the theme is. */
  readonly ownColours: boolean;
  readonly theme: FrameTheme;
};

/** The whole document of a frame around sanitised HTML. Serve it with FRAME_CSP. */
export function wrapDocument(html: string, options: FrameOptions): string {
  const { lang, theme } = options;
  const colours = options.ownColours && theme.dark ? PAPER : theme;
  const cjk = /^(?:zh|ja|ko)/iu.test(lang);
  const line = cjk ? 28 / 15 : 24 / 15;
  const faces = facesFor(lang);
  const language = /^[A-Za-z0-9-]{1,35}$/u.test(lang) ? ` lang="${lang}"` : "";
  return `<!doctype html><html${language} data-own-colours="${options.ownColours}"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title></title><style data-satchel>
:root{--satchel-dark:${theme.dark && !options.ownColours ? 1 : 0};color-scheme:${theme.dark && !options.ownColours ? "dark" : "light"}}
html{margin:0;padding:0;background:${colours.ground};overflow-x:auto}
body{margin:0;padding:0;color:${colours.text};font-family:${faces};font-size:${theme.bodyTextPx}px;line-height:${line.toFixed(4)};overflow-wrap:break-word;word-break:${/^ko/iu.test(lang) ? "keep-all" : "normal"};text-spacing-trim:trim-start}
img{max-width:100%}img:not([height]){height:auto}
a{color:${colours.link}}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
table{max-width:100%}
blockquote{margin:8px 0;padding:0;padding-inline-start:12px;border-inline-start:2px solid ${colours.line}}
</style></head><body dir="auto">${html}<style data-satchel>
html,body{height:auto!important;min-height:0!important;max-height:none!important;overflow-y:visible!important}
details.satchel-quote{margin:12px 0 0!important;display:block!important}
details.satchel-quote>summary{display:inline-block!important;list-style:none!important;height:20px!important;padding:0 8px!important;border-radius:4px!important;border:1px solid transparent!important;background:color-mix(in srgb,currentColor 10%,transparent)!important;font:400 12px/18px ${faces}!important;color:${colours.muted}!important;cursor:pointer!important;user-select:none!important}
details.satchel-quote[open]>summary{margin-bottom:8px!important}
${standInStyle({ ground: colours.ground, text: colours.muted, line: colours.line })}
</style></body></html>`;
}
