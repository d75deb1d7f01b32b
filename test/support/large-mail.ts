const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replace(/.{76}/gu, "$&\r\n");

/** As many bytes that no two messages share; nothing of them is text. */
export function fileBytes(seed: number, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  for (let at = 0, state = seed; at < sizeBytes; at += 1) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    bytes[at] = state >> 16;
  }
  return bytes;
}

/** One red pixel. */
export const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==",
  "base64",
);

/**
 * A message with words in two languages, a picture among them, a short note and a film: the film alone is larger than any limit it is tried with.
 * @param filmBytes 2 MB
 */
export function mailWithFilm(id: string, filmBytes = 2_000_000): Buffer {
  const part = (headers: readonly string[], body: string): string => `${headers.join("\r\n")}\r\n\r\n${body}\r\n`;
  const text = Buffer.from(`Look at ${id} from the quarry. 会议纪要在附件里。`, "utf8");
  const html = `<p>Look at <b>${id}</b> from the quarry.</p><p>会议纪要在附件里。</p><img src="cid:dot@example.test">`;
  return Buffer.from(
    [
      `Message-ID: <${id}@example.test>`,
      "Date: Fri, 20 Nov 2026 10:00:00 +0000",
      `Subject: About ${id}`,
      "From: Writer <writer@example.test>",
      "To: user1@example.test",
      "MIME-Version: 1.0",
      'Content-Type: multipart/mixed; boundary="=_outer 1"',
      "",
      "This is a message in MIME format.",
      "--=_outer 1",
      part(
        ["Content-Type: multipart/alternative; boundary=inner"],
        [
          "--inner",
          part(["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64"], base64(text)),
          "--inner",
          part(
            ["Content-Type: multipart/related; boundary=related"],
            [
              "--related",
              part(["Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: 8bit"], html),
              "--related",
              part(
                [
                  "Content-Type: image/png",
                  "Content-ID: <dot@example.test>",
                  "Content-Disposition: inline",
                  "Content-Transfer-Encoding: base64",
                ],
                base64(PIXEL),
              ),
              "--related--",
            ].join("\r\n"),
          ),
          "--inner--",
        ].join("\r\n"),
      ),
      "--=_outer 1",
      part(["Content-Type: text/plain; name=note.txt", "Content-Disposition: attachment; filename=note.txt"], `A note on ${id}.`),
      "--=_outer 1",
      part(
        [
          "Content-Type: video/mp4",
          "Content-Disposition: attachment; filename*=UTF-8''%E6%B5%B7%E8%BE%B9.mp4",
          "Content-Transfer-Encoding: base64",
        ],
        base64(fileBytes(id.length, filmBytes)),
      ),
      "--=_outer 1--",
      "",
    ].join("\r\n"),
    "utf8",
  );
}
