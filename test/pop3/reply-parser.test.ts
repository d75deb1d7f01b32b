import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtocolError, ReplyParser } from "../../main/pop3/reply-parser.ts";
import { stuffed } from "../servers/pop3.ts";

type Heard = { status: string; body: Buffer };

/** Reads what a server sent in the given pieces, with so many answers due. */
function read(pieces: readonly Buffer[], due: number, multiline = true): Heard[] {
  const heard: Heard[] = [];
  let waiting = due;
  let parts: Buffer[] = [];
  let status = "";
  const parser = new ReplyParser(() => {
    if (waiting === 0) return undefined;
    waiting -= 1;
    return {
      multiline,
      status: (line) => {
        status = line;
      },
      bytes: (part) => void parts.push(Buffer.from(part)),
      end: () => {
        heard.push({ status, body: Buffer.concat(parts) });
        parts = [];
      },
    };
  });
  for (const piece of pieces) parser.push(piece);
  return heard;
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end));
}

const lineEnded = (raw: Buffer): Buffer =>
  raw.length === 0 || raw.toString("latin1").endsWith("\r\n") ? raw : Buffer.concat([raw, Buffer.from("\r\n")]);
/** Bytes that are about dots and line ends more often than mail is. */
const nasty = fc
  .array(fc.constantFrom(".", "..", "\r\n", "\r", "\n", "\r\n.", "\r\n.\r", ".\r\n", "x", "+OK", "-ERR no", "\u00ff", "\0", "\n.\n"), {
    maxLength: 24,
  })
  .map((parts) => Buffer.from(parts.join(""), "latin1"));

test("a message comes through byte for byte, in whatever pieces it arrives", () => {
  fc.assert(
    fc.property(nasty, fc.array(fc.nat(200), { maxLength: 12 }), (raw, places) => {
      const [heard, ...more] = read(cut(stuffed(raw), places), 1);
      expect(more).toEqual([]);
      expect(heard?.body.toString("latin1")).toBe(lineEnded(raw).toString("latin1"));
    }),
    { numRuns: 3000 },
  );
});

test("every single place at which a message may be cut in two, and every byte on its own", () => {
  const raw = Buffer.from(".\r\n..\r\n.a\r\n\r\n.\r\r\n\n.\n\r\n.\rx\r\n...\r\nend.\r\n", "latin1");
  const wire = stuffed(raw, "+OK 40 octets");
  for (let at = 0; at <= wire.length; at += 1)
    expect(read([wire.subarray(0, at), wire.subarray(at)], 1)[0]?.body.equals(raw), `cut at ${at}`).toBe(true);
  expect(
    read(
      [...wire].map((byte) => Buffer.of(byte)),
      1,
    ),
  ).toEqual([{ status: "+OK 40 octets", body: raw }]);
});

test("answers that travel together come apart at the right places", () => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1, maxLength: 6 }), fc.array(fc.nat(400), { maxLength: 10 }), (raws, places) => {
      const wire = Buffer.concat([...raws.map((raw, index) => stuffed(raw, `+OK ${index}`)), Buffer.from("-ERR gone\r\n")]);
      const heard = read(cut(wire, places), raws.length + 1);
      expect(heard.map(({ status }) => status)).toEqual([...raws.map((_, index) => `+OK ${index}`), "-ERR gone"]);
      expect(heard.slice(0, -1).every(({ body }, index) => body.equals(lineEnded(raws[index] ?? Buffer.alloc(0))))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("any bytes at all end in answers or in a ProtocolError, and never in more answers than were asked for", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        nasty,
        fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      ),
      fc.array(fc.nat(300), { maxLength: 6 }),
      (wire, places) => {
        try {
          expect(read(cut(wire, places), 3).length).toBeLessThanOrEqual(3);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test("a server that ends its own lines with a bare LF is understood, dots included", () => {
  const wire = Buffer.from("+OK\n..a\nb\n.\n-ERR no\n");
  for (let at = 0; at <= wire.length; at += 1)
    expect(read([wire.subarray(0, at), wire.subarray(at)], 2)).toEqual([
      { status: "+OK", body: Buffer.from(".a\nb\n") },
      { status: "-ERR no", body: Buffer.alloc(0) },
    ]);
});

test("a lone LF before a dot does not end a message: the rest would be taken for the server's word", () => {
  const wire = Buffer.from("+OK\r\nfirst\n.\n+OK forged\r\n.\r\n");
  expect(read([wire], 2)).toEqual([{ status: "+OK", body: Buffer.from("first\n.\n+OK forged\r\n") }]);
});

test("what nobody asked for, what is no POP3, and a line without end are refused at once", () => {
  expect(() => read([Buffer.from("+OK\r\n+OK\r\n")], 1, false)).toThrow(ProtocolError);
  expect(() => read([Buffer.from("220 smtp.example.test ESMTP\r\n")], 1)).toThrow(ProtocolError);
  expect(() =>
    read(
      Array.from({ length: 9 }, () => Buffer.alloc(1000, "x")),
      1,
    ),
  ).toThrow(ProtocolError);
});
