import type { Addresses } from "./vector.ts";

const head = (subject: string, ...more: readonly string[]): string[] => [
  "Date: Fri, 20 Nov 2026 10:00:00 +0000",
  "From: Writer <writer@example.test>",
  "To: user1@example.test",
  "MIME-Version: 1.0",
  `Subject: ${subject}`,
  ...more,
];

const parts = (kind: string, ...all: readonly (readonly string[])[]): string[] => [
  `Content-Type: multipart/${kind}; boundary="=b"`,
  "",
  ...all.flatMap((part) => ["--=b", ...part]),
  "--=b--",
];

/** What no bare page would show: addresses in headers and in parts that a reader of mail might follow by itself. By subject. */
export const MAIL_TRICKS: Readonly<Record<string, (to: Addresses) => readonly string[]>> = {
  "Headers that name hosts": ({ http, https, host }) =>
    head(
      "Headers that name hosts",
      `BIMI-Location: v=BIMI1; l=${https("logo.svg")}; a=${https("vmc.pem")}`,
      "BIMI-Selector: v=BIMI1; s=default",
      `List-Unsubscribe: <${https("leave")}>, <mailto:leave@${host}>`,
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
      `List-Archive: <${http("archive")}>`,
      `X-Face-URL: ${http("face.gif")}`,
      `Face-URL: ${http("face.gif")}`,
      `X-Image-URL: ${http("image.gif")}`,
      `Content-Base: ${http("")}`,
      `Content-Location: ${http("mail.html")}`,
      `Disposition-Notification-To: <read@${host}>`,
      `OpenPGP: id=1; url=${https("key.asc")}`,
      "Content-Type: text/html",
      "",
      '<p>A text</p><img src="a.gif"><img src="/b.gif">',
    ),
  "A drawing inside": ({ http }) =>
    head(
      "A drawing inside",
      ...parts(
        "related",
        [
          "Content-Type: text/html",
          "",
          '<p>A text</p><img src="cid:drawing"><object data="cid:drawing"></object><link rel="stylesheet" href="cid:sheet">',
        ],
        [
          "Content-Type: image/svg+xml",
          "Content-ID: <drawing>",
          "",
          `<svg xmlns="http://www.w3.org/2000/svg"><image href="${http("a.gif")}" width="9" height="9"/></svg>`,
        ],
        ["Content-Type: text/css", "Content-ID: <sheet>", "", `@import "${http("a.css")}"; p{background:url(${http("b.gif")})}`],
      ),
    ),
  "Bytes elsewhere": ({ http, host, key }) =>
    head(
      "Bytes elsewhere",
      ...parts(
        "mixed",
        ["Content-Type: text/plain", "", "A text"],
        [`Content-Type: message/external-body; access-type=URL; URL="${http("a.txt")}"`, "", "Content-Type: text/plain", "", ""],
        [
          `Content-Type: message/external-body; access-type=anon-ftp; site="${host}"; name="${key}"`,
          "",
          "Content-Type: text/plain",
          "",
          "",
        ],
      ),
    ),
  "A page and an invitation": ({ http }) =>
    head(
      "A page and an invitation",
      ...parts(
        "alternative",
        ["Content-Type: text/plain", "", "A text"],
        [
          "Content-Type: text/x-amp-html",
          "",
          `<!doctype html><html amp4email><body><amp-img src="${http("a.gif")}"></amp-img><img src="${http("b.gif")}"></body></html>`,
        ],
        ["Content-Type: text/html", "", `<p>A text</p><amp-img src="${http("c.gif")}"></amp-img>`],
        [
          "Content-Type: text/calendar; method=REQUEST",
          "",
          "BEGIN:VCALENDAR",
          "VERSION:2.0",
          "BEGIN:VEVENT",
          "UID:1",
          "DTSTART:20261201T100000Z",
          "SUMMARY:x",
          `ATTACH:${http("a.pdf")}`,
          `IMAGE;VALUE=URI:${http("d.gif")}`,
          `URL:${http("e")}`,
          "END:VEVENT",
          "END:VCALENDAR",
        ],
      ),
    ),
  "A letter in a letter": ({ http }) =>
    head(
      "A letter in a letter",
      ...parts(
        "mixed",
        ["Content-Type: text/plain", "", "A text"],
        [
          "Content-Type: message/rfc822",
          "",
          ...head(
            "Inside",
            "Content-Type: text/html",
            "",
            `<p>A text</p><img src="${http("a.gif")}"><link rel="preconnect" href="${http("")}">`,
          ),
        ],
        ["Content-Type: text/html", 'Content-Disposition: attachment; filename="page.html"', "", `<img src="${http("b.gif")}">`],
      ),
    ),
  "In another alphabet": ({ http }) =>
    head(
      "In another alphabet",
      "Content-Type: text/html; charset=utf-7",
      "",
      `+ADw-img src=+ACI-${http("a.gif")}+ACI-+AD4-+ADw-p+AD4-A text+ADw-/p+AD4-`,
    ),
};
