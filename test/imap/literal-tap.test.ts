import { Readable, Writable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LiteralTap, type TappedRow } from "../../main/imap/literal-tap.ts";

/** A line to be tapped, and the library behind it. */
function tapped(largest = 1_000_000) {
  const socket = new Readable({ read: () => undefined });
  const seen: Buffer[] = [];
  const library = new Writable({
    write(chunk: Buffer, _encoding, done) {
      seen.push(chunk);
      done();
    },
  });
  socket.pipe(library);
  // As the parse threads' memory is, and aligned like nothing else.
  const allocate = (sizeBytes: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(sizeBytes + 3), 3);
  const tap = new LiteralTap(socket, library, largest, allocate);
  return { socket, tap, seen: () => Buffer.concat(seen).toString("latin1"), library };
}

/** For answers that say something special: the library reads them. */
const nobody = (): never => {
  throw new Error("nothing here is for a taker of rows");
};

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

async function turns(until: () => boolean): Promise<void> {
  for (let left = 1000; left > 0 && !until(); left -= 1) await turn();
  expect(until()).toBe(true);
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const literal = fc.record({ section: fc.constantFrom("BODY[]", "BODY[1]", "BODY[HEADER]"), bytes: fc.uint8Array({ maxLength: 300 }) });

test("messages are taken out byte for byte wherever the line is cut, and the library sees all the rest", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(literal, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
      async (parts, sizes) => {
        const { socket, tap, seen } = tapped();
        const wire = Buffer.concat([
          ...parts.flatMap(({ section, bytes }, n) => [
            Buffer.from(`* ${n + 1} FETCH (UID ${n + 1} ${section} {${bytes.length}}\r\n`),
            bytes,
            Buffer.from(" FLAGS (\\Seen) X-ODD (1))\r\n"),
          ]),
          Buffer.from("A1 OK done\r\n"),
        ]);
        const rebuilt: Buffer[] = [];
        await tap.during(nobody, async () => {
          for (const chunk of cut(wire, sizes)) socket.push(chunk);
          await turns(() => seen().endsWith("A1 OK done\r\n"));
          // What the library read, with the keys exchanged for what they stand for, is what was sent.
          let rest = seen();
          for (let found = /BODY\[\] "(?<key>\w+)"/u.exec(rest); found; found = /BODY\[\] "(?<key>\w+)"/u.exec(rest)) {
            const bytes = tap.take(found.groups?.["key"] ?? "");
            expect(bytes).toBeDefined();
            rebuilt.push(Buffer.from(`${rest.slice(0, found.index)}BODY[] {${bytes?.length}}\r\n`, "latin1"), Buffer.from(bytes ?? []));
            rest = rest.slice(found.index + found[0].length);
          }
          rebuilt.push(Buffer.from(rest, "latin1"));
        });
        expect(Buffer.concat(rebuilt).equals(wire)).toBe(true);
        expect(tap.takenBytes).toBe(parts.reduce((sum, { section, bytes }) => sum + (section === "BODY[]" ? bytes.length : 0), 0));
      },
    ),
    { numRuns: 60 },
  );
});

test("after the command the library has the line to itself again, from the first byte that was not its answer", async () => {
  const { socket, tap, seen } = tapped();
  await tap.during(nobody, async () => {
    socket.push(Buffer.from("A1 OK done\r\n* 3 EX"));
    await turns(() => seen() === "A1 OK done\r\n");
  });
  socket.push(Buffer.from("ISTS\r\n* 1 FETCH (BODY[] {2}\r\nhi)\r\n"));
  await turns(() => seen().endsWith("hi)\r\n"));
  expect(seen()).toBe("A1 OK done\r\n* 3 EXISTS\r\n* 1 FETCH (BODY[] {2}\r\nhi)\r\n");
});

test("the line waits while nobody takes the messages, and one larger than all that may wait comes through", async () => {
  const { socket, tap, seen } = tapped(8_000_000);
  const large = Buffer.alloc(3_000_000, "m");
  await tap.during(nobody, async () => {
    for (const n of [1, 2]) {
      socket.push(Buffer.from(`* ${n} FETCH (UID ${n} X-ODD (1) BODY[] {${large.length}}\r\n`));
      socket.push(large);
      socket.push(Buffer.from(")\r\n"));
    }
    await turns(() => seen().includes("* 1 FETCH") && socket.isPaused());
    expect(seen()).not.toContain("* 2 FETCH");
    const [key = ""] = /(?<=")\w+(?=")/u.exec(seen()) ?? [];
    expect(tap.take(key)?.byteLength).toBe(large.length);
    await turns(() => seen().includes("* 2 FETCH"));
  });
});

test("an answer that nobody wants any more is read to its end", async () => {
  const { socket, tap, seen } = tapped(8_000_000);
  await tap.during(nobody, async () => {
    for (let n = 1; n <= 4; n += 1) {
      socket.push(Buffer.from(`* ${n} FETCH (UID ${n} X-ODD (1) BODY[] {3000000}\r\n`));
      socket.push(Buffer.alloc(3_000_000, "m"));
      socket.push(Buffer.from(")\r\n"));
    }
    socket.push(Buffer.from("A1 OK done\r\n"));
    await turns(() => socket.isPaused());
    tap.giveUp();
    await turns(() => seen().endsWith("A1 OK done\r\n"));
  });
});

const item = fc.oneof(
  fc.constantFrom("FLAGS ()", "FLAGS (\\Seen $Work)", 'INTERNALDATE "17-Jul-2026 02:44:25 +0000"', "MODSEQ (917162500)"),
  // For the library to read.
  fc.constantFrom("X-GM-LABELS (a)", 'FLAGS ("odd")', "MODSEQ (0)", "EMAILID (M1)", "flags ()"),
);

test("each message is handed over once, byte for byte and with what was said of it, by whom of the two it may be, wherever the line is cut", async () => {
  const message = fc.record({
    said: fc.array(item, { maxLength: 4 }),
    split: fc.nat(4),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
      fc.boolean(),
      async (messages, sizes, slow) => {
        const { socket, tap, seen } = tapped();
        const wire = Buffer.concat([
          ...messages.flatMap(({ said, split, bytes }, n) => [
            Buffer.from(`* ${n + 1} FETCH (${[`UID ${n + 101}`, ...said.slice(0, split)].join(" ")} BODY[] {${bytes.length}}\r\n`),
            bytes,
            Buffer.from(
              `${said
                .slice(split)
                .map((one) => ` ${one}`)
                .join("")})\r\n`,
            ),
          ]),
          Buffer.from("A1 OK done\r\n"),
        ]);
        const rows: TappedRow[] = [];
        let waiting = 0;
        const onRow = (row: TappedRow): Promise<void> | undefined => {
          rows.push(row);
          if (!slow) return undefined;
          waiting += 1;
          return turn().then(() => {
            waiting -= 1;
          });
        };
        await tap.during(onRow, async () => {
          for (const chunk of cut(wire, sizes)) socket.push(chunk);
          await turns(() => seen().endsWith("A1 OK done\r\n"));
        });
        expect(waiting).toBe(0);
        const plain = messages.flatMap((one, n) => {
          const said = one.said.join(" ");
          const names = one.said.map((each) => each.split(" ")[0]);
          const odd = /X-GM|"odd"|\(0\)|EMAILID|flags/u.test(said) || new Set(names).size < names.length;
          return odd ? [] : [{ bytes: one.bytes, said, uid: n + 101 }];
        });
        expect(rows.map(({ uid }) => uid)).toEqual(plain.map(({ uid }) => uid));
        for (const [at, { bytes, said }] of plain.entries()) {
          const row = rows[at];
          expect(Buffer.from(row?.bytes ?? []).equals(bytes)).toBe(true);
          const flags = [...said.matchAll(/FLAGS \((?<list>[^)]*)\)/gu)].at(-1)?.groups?.["list"];
          expect(row?.flags).toEqual(flags === undefined ? null : flags === "" ? [] : flags.split(" "));
          expect(row?.modseq).toBe(said.includes("MODSEQ") ? 917162500 : null);
          expect(row?.internalDate).toBe(said.includes("INTERNALDATE") ? "17-Jul-2026 02:44:25 +0000" : null);
        }
        for (let n = 0; n < messages.length; n += 1)
          expect(seen().includes(`UID ${n + 101} `)).toBe(!plain.some(({ uid }) => uid === n + 101));
      },
    ),
    { numRuns: 80 },
  );
});

test("the line waits until whoever takes a message is ready for more", async () => {
  const { socket, tap } = tapped();
  const ready: (() => void)[] = [];
  await tap.during(
    () => new Promise<void>((resolve) => void ready.push(resolve)),
    async () => {
      socket.push(Buffer.from("* 1 FETCH (UID 1 BODY[] {2}\r\nhi)\r\n"));
      await turns(() => ready.length === 1 && socket.isPaused());
      socket.push(Buffer.from("* 2 FETCH (UID 2 BODY[] {2}\r\nho)\r\nA1 OK done\r\n"));
      await turn();
      expect(ready).toHaveLength(1);
      ready[0]?.();
      await turns(() => ready.length === 2);
      ready[1]?.();
    },
  );
});

test("what cannot be taken ends the command with its own words, after its answer was read to the end", async () => {
  const { socket, tap, seen } = tapped();
  const taken: number[] = [];
  const work = tap.during(
    ({ uid }) => {
      taken.push(uid);
      throw new Error("no room");
    },
    async () => {
      for (let n = 1; n <= 3; n += 1) socket.push(Buffer.from(`* ${n} FETCH (UID ${n} BODY[] {2}\r\nhi)\r\n`));
      socket.push(Buffer.from("A1 OK done\r\n"));
      await turns(() => seen() === "A1 OK done\r\n");
    },
  );
  await expect(work).rejects.toThrow("no room");
  expect(taken).toEqual([1]);
});

test("what lies in the socket is read before what comes after it", () => {
  const { socket, tap } = tapped();
  expect(tap.ready).toBe(false);
  return tap.during(nobody, async () => {
    expect(tap.ready).toBe(true);
    socket.pause();
    socket.push(Buffer.from("A1 O"));
    expect(tap.ready).toBe(false);
    socket.resume();
    await turns(() => tap.ready);
  });
});

test("a literal that is too large is left to the library, and a string that looks like a key stands for itself", async () => {
  const { socket, tap, seen } = tapped(10);
  await tap.during(nobody, async () => {
    socket.push(Buffer.from('* 1 FETCH (BODY[] {11}\r\nhello world)\r\n* 2 FETCH (BODY[] "0123456789abcdef012345670")\r\n'));
    await turns(() => seen().includes("* 2 FETCH"));
    expect(tap.take("0123456789abcdef012345670")).toBeUndefined();
  });
  expect(seen()).toContain("BODY[] {11}\r\nhello world)");
});
