/** A small message of its own; `kilobytes` makes it longer. */
export function sampleMail(id: string, kilobytes = 0): string {
  const body = kilobytes > 0 ? `${"Wind over the roofs, and the kettle sings. ".repeat(24)}\r\n`.repeat(kilobytes) : "";
  return [
    `Message-ID: <${id}@example.test>`,
    `Date: Fri, 20 Nov 2026 10:00:00 +0000`,
    `Subject: About ${id}`,
    "From: Writer <writer@example.test>",
    "To: user1@example.test",
    "Content-Type: text/plain; charset=utf-8",
    "",
    `This is ${id}.`,
    body,
  ].join("\r\n");
}
