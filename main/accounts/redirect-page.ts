/** What the browser shows when it comes back. */
export type RedirectPage = "done" | "failed" | "used" | "foreign";

const WORDS = {
  en: {
    done: ["You can close this tab", "Satchel has your sign-in. Everything else happens in its window."],
    failed: ["That did not work", "Satchel’s window says why, and lets you try again. You can close this tab."],
    used: ["This page was used already", "A sign-in comes back once. Begin again in Satchel’s window if it is not done."],
    foreign: ["This is not the sign-in that Satchel began", "Nothing was done with it. Go on in the tab that Satchel opened."],
  },
  zh: {
    done: ["可以关闭此标签页了", "Satchel 已收到登录结果，请回到它的窗口继续。"],
    failed: ["没有成功", "原因写在 Satchel 的窗口里，您可以在那里重试。此标签页可以关闭。"],
    used: ["此页面已经用过", "一次登录只回来一次。如果还没完成，请在 Satchel 的窗口里重新开始。"],
    foreign: ["这不是 Satchel 发起的登录", "它没有起任何作用。请在 Satchel 打开的标签页里继续。"],
  },
} as const satisfies Record<string, Record<RedirectPage, readonly [string, string]>>;

/** A page without scripts, pictures or anything of what the browser brought. */
export function redirectPage(page: RedirectPage, language: string): string {
  const chinese = language.startsWith("zh");
  const [title, text] = WORDS[chinese ? "zh" : "en"][page];
  return `<!doctype html><html lang="${chinese ? "zh-CN" : "en"}"><meta charset="utf-8"><title>${title} · Satchel</title><style>${STYLE}</style><main><h1>${title}</h1><p>${text}</p></main></html>`;
}

const STYLE =
  ":root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:100vh}main{max-width:30em;padding:2em}h1{font-size:1.4em;margin:0 0 .4em}p{margin:0}";
