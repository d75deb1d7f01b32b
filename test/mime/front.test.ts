import { expect, test } from "vitest";
import { NO_HINTS } from "../../main/mime/charset-hints.ts";
import { showsWords } from "../../main/mime/front.ts";

const file = ["Content-Type: application/zip; name=big.zip", "Content-Transfer-Encoding: base64", "", "AAAA"];
const mail = (...lines: string[]): Buffer => Buffer.from(["From: a@b.example", "MIME-Version: 1.0", ...lines].join("\r\n"));
const mixed = (...parts: string[][]) => mail("Content-Type: multipart/mixed; boundary=a", "", ...parts.flatMap((part) => ["--a", ...part]));
const html = (text: string) => ["Content-Type: text/html", "", text];
const inner = ["Content-Type: message/rfc822", "", "Subject: inside", "", "Words of the inner one"];

test.each<[string, Buffer, boolean]>([
  ["words before a file", mixed(["", "See the file."], file), true],
  ["words before the second of two files", mixed(["", "See the files."], [...file, "AAAA"], file), true],
  ["words before a message", mixed(["", "See the message."], inner), true],
  ["nothing but words", mail("", "A long letter"), false],
  ["words that are cut off", mixed(["", "See the"]), false],
  [
    "the HTML cut off behind its text",
    mail("Content-Type: multipart/alternative; boundary=a", "", "--a", "", "Hi", "--a", ...html("<p>H")),
    false,
  ],
  ["no words before a file", mixed(file), false],
  ["words with a picture that comes later", mixed(html('<img src="cid:logo">Hello'), file), false],
  ["words before what may hold others", mixed(["", "Hello"], ["Content-Type: application/ms-tnef; name=winmail.dat", "", "AAAA"]), false],
  ["a header alone", Buffer.from("From: a@b.example\r\nSubject: x"), false],
])("%s", (_what, front, shown) => {
  expect(showsWords(front, NO_HINTS)).toBe(shown);
});
