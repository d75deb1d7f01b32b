import fc from "fast-check";
import { expect, test } from "vitest";
import { contactsOf } from "../../main/mime/calendar-parts.ts";
import { NO_HINTS } from "../../main/mime/charset-hints.ts";
import { readContacts } from "../../main/mime/contact-cards.ts";

const read = (...lines: string[]) => readContacts(["BEGIN:VCARD", ...lines, "END:VCARD", ""].join("\r\n"), 10, NO_HINTS).contacts[0];
const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex").toString("base64");

test("a card of every version tells the same of the same person", () => {
  const expected = {
    name: "林薇",
    organisation: "海港陶艺, 工作室",
    title: "陶艺师",
    emails: [{ address: "lin@harbour.example", kind: "work" }],
    phones: [{ number: "+86 21 5555 0101", kind: "cell" }],
    addresses: [{ text: "外滩路4号, 上海, 200002, 中国", kind: "work" }],
  };
  const four = read(
    "VERSION:4.0",
    "FN:林薇",
    "ORG:海港陶艺;工作室",
    "TITLE:陶艺师",
    "EMAIL;TYPE=work:lin@harbour.example",
    "TEL;VALUE=uri;TYPE=cell:tel:+86 21 5555 0101",
    "ADR;TYPE=work:;;外滩路4号;上海;;200002;中国",
  );
  const three = read(
    "VERSION:3.0",
    "N:林;薇;;;",
    "FN:林薇",
    "ORG:海港陶艺;工作室",
    "TITLE:陶艺师",
    "item1.EMAIL;TYPE=INTERNET,WORK:lin@harbour.example",
    "TEL;TYPE=CELL,VOICE:+86 21 5555 0101",
    "ADR;TYPE=WORK:;;外滩路4号;上海;;200002;中国",
  );
  const qp = (text: string) => [...Buffer.from(text)].map((byte) => `=${byte.toString(16).toUpperCase()}`).join("");
  const two = read(
    "VERSION:2.1",
    `N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:${qp("林")};${qp("薇")};;;`,
    `ORG;CHARSET=UTF-8;QUOTED-PRINTABLE:${qp("海港")}=`,
    `${qp("陶艺")};${qp("工作室")}`,
    // In GBK, as telephones wrote it.
    "TITLE;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=CC=D5=D2=D5=CA=A6",
    "EMAIL;INTERNET;WORK:lin@harbour.example",
    "TEL;CELL;VOICE:+86 21 5555 0101",
    `ADR;WORK;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;${qp("外滩路4号")};${qp("上海")};;200002;${qp("中国")}`,
  );
  for (const one of [four, three, two]) expect(one).toMatchObject(expected);
});

test("a photo is shown when its bytes are a picture, whatever the card calls them, and never from elsewhere", () => {
  expect(read("FN:A", `PHOTO;ENCODING=b;TYPE=JPEG:${PNG}`)?.photo).toBe(`data:image/png;base64,${PNG}`);
  expect(read("FN:A", `PHOTO:data:image/gif;base64,${PNG}`)?.photo).toBe(`data:image/png;base64,${PNG}`);
  expect(read("FN:A", `PHOTO;BASE64:${PNG.slice(0, 8)}`, ` ${PNG.slice(8)}`, "")?.photo).toBe(`data:image/png;base64,${PNG}`);
  const svg = Buffer.from("<svg onload='x()'/>").toString("base64");
  expect(read("FN:A", `PHOTO:data:image/svg+xml;base64,${svg}`)?.photo).toBe("");
  expect(read("FN:A", "PHOTO;VALUE=URI:https://tracker.example/me.png")?.photo).toBe("");
  expect(
    read("FN:A", `PHOTO;ENCODING=b:${Buffer.concat([Buffer.from(PNG, "base64"), Buffer.alloc(400_000)]).toString("base64")}`)?.photo,
  ).toBe("");
});

test("several people in one file are several cards, and a file of thousands tells how many there are", () => {
  const file = Array.from(
    { length: 3000 },
    (_, n) => `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Person ${n}\r\nEMAIL:p${n}@x.example\r\nEND:VCARD\r\n`,
  ).join("");
  const mail = Buffer.from(`From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: text/x-vcard; name="people.vcf"\r\n\r\n${file}`);
  const { contacts, cards } = contactsOf(mail);
  expect([contacts.length, cards, contacts[99]?.name, contacts[0]?.part]).toEqual([100, 3000, "Person 99", "1"]);
});

test("a raw card in GBK is read as what it is", () => {
  const name = Buffer.from([0xc1, 0xd6, 0xde, 0xb1, 0xb5, 0xc4, 0xc3, 0xfb, 0xc6, 0xac]);
  const body = Buffer.concat([
    Buffer.from("BEGIN:VCARD\r\nVERSION:2.1\r\nFN:"),
    name,
    Buffer.from("\r\nEMAIL:lin@harbour.example\r\nEND:VCARD\r\n"),
  ]);
  const mail = Buffer.concat([
    Buffer.from("From: a@b.example\r\nContent-Type: text/vcard; charset=gbk\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"),
    body,
  ]);
  expect(contactsOf(mail).contacts[0]?.name).toBe("林薇的名片");
});

test("no text makes it throw, an address is one or is left out, and a link is one of the web", () => {
  expect(
    read("FN:A", "EMAIL:not an address", "EMAIL:javascript:alert(1)", "URL:javascript:alert(1)", "URL:https://x.example/a"),
  ).toMatchObject({
    emails: [],
    links: ["https://x.example/a"],
  });
  const line = fc.oneof(
    fc.constantFrom("FN:", "N:;;;;;", "ADR:", "PHOTO;ENCODING=b:", "TEL;=:", "ORG;ENCODING=QUOTED-PRINTABLE:=", "END:VCARD"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      expect(() => read(...lines)).not.toThrow();
    }),
    { numRuns: 500 },
  );
});
