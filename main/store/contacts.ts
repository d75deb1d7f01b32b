import type { Address } from "../../shared/address.ts";
import type { Reader, Writer } from "./database.ts";
import { statement } from "./statement.ts";

const heard = statement<{ address: string; name: string; at: number; count: number }>(
  `INSERT INTO contact (address, name, heard_from, last_at) VALUES (:address, :name, :count, :at)
   ON CONFLICT (address) DO UPDATE SET heard_from = heard_from + excluded.heard_from, last_at = max(last_at, excluded.last_at),
     name = CASE WHEN excluded.name <> '' AND excluded.last_at >= last_at THEN excluded.name ELSE name END`,
);
const written = statement<{ address: string; name: string; at: number }>(
  `INSERT INTO contact (address, name, written_to, last_at) VALUES (:address, :name, 1, :at)
   ON CONFLICT (address) DO UPDATE SET written_to = written_to + 1, last_at = max(last_at, excluded.last_at),
     name = CASE WHEN name = '' THEN excluded.name ELSE name END`,
);

const remembered = statement<{ address: string; name: string; at: number }>(
  `INSERT INTO contact (address, name, last_at) VALUES (:address, :name, :at)
   ON CONFLICT (address) DO UPDATE SET name = CASE WHEN name = '' THEN excluded.name ELSE name END`,
);

/** The user wants it offered. Neither written to nor heard from: what tells impostors by whom the user knows does not count it. */
export function rememberContact(
  store: { readonly db: { write(work: (tx: Writer) => void): void } },
  { name, address }: Address,
  at: number,
): void {
  store.db.write((tx) => tx.run(remembered, { address: address.toLowerCase(), name, at }));
}

/** Counts senders of a batch in memory, so that a newsletter of a hundred issues is one row written. */
export class Senders {
  readonly #people = new Map<string, { name: string; at: number; count: number }>();

  /** These wrote a message that came in at `at`. */
  note(people: readonly Address[], at: number): void {
    for (const { name, address } of people) {
      if (address === "") continue;
      const key = address.toLowerCase();
      const known = this.#people.get(key);
      if (known === undefined) this.#people.set(key, { name, at, count: 1 });
      else {
        known.count += 1;
        if (at >= known.at && name !== "") known.name = name;
        known.at = Math.max(known.at, at);
      }
    }
  }

  write(tx: Writer): void {
    for (const [address, { name, at, count }] of this.#people) tx.run(heard, { address, name, at, count });
    this.#people.clear();
  }
}

/** These were written to: they come first when addresses are completed. */
export function noteWritten(
  store: { readonly db: { write(work: (tx: Writer) => void): void } },
  people: readonly Address[],
  at: number,
): void {
  store.db.write((tx) => {
    for (const { name, address } of people) if (address !== "") tx.run(written, { address: address.toLowerCase(), name, at });
  });
}

/** Written to counts most, then heard from; both fade with the years. `name` and `address` match where a word begins, CJK anywhere. */
const matching = statement<{ start: string; inside: string; limit: number }, Address>(
  `SELECT name, address
   FROM contact
   WHERE address LIKE :start ESCAPE '\\' OR name LIKE :start ESCAPE '\\' OR name LIKE :inside ESCAPE '\\' OR address LIKE :inside ESCAPE '\\'
   ORDER BY (written_to > 0) DESC, (address LIKE :start ESCAPE '\\' OR name LIKE :start ESCAPE '\\') DESC, written_to DESC, last_at DESC
   LIMIT :limit`,
);

/** Known people for what was typed in an address field, the likeliest first. */
export function completeContacts(store: { readonly db: Reader }, text: string, limit: number): Address[] {
  const typed = text.trim();
  if (typed === "") return [];
  const escaped = typed.replace(/[\\%_]/gu, "\\$&");
  const cjk = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/u.test(typed);
  const candidates = store.db.all(matching, { start: `${escaped}%`, inside: `%${escaped}%`, limit: cjk ? limit : limit * 8 });
  if (cjk) return candidates;
  const lower = typed.toLowerCase();
  const startsWord = (value: string): boolean =>
    value
      .toLowerCase()
      .split(/[\s.@_+-]+/u)
      .some((word) => word.startsWith(lower)) || value.toLowerCase().startsWith(lower);
  return candidates.filter(({ name, address }) => startsWord(name) || startsWord(address)).slice(0, limit);
}

const writtenTo = statement<{ name: string }, { address: string }>(
  "SELECT address FROM contact INDEXED BY contact_written_by_name WHERE name = :name COLLATE NOCASE AND written_to > 0 ORDER BY written_to DESC LIMIT 10",
);

/** Addresses of people of this name that the user has written to, the most written to first. */
export function writtenByName(reader: Reader, name: string): string[] {
  return reader.all(writtenTo, { name }).map(({ address }) => address);
}

const domainsWrittenTo = statement<{ limit: number }, { domain: string }>(
  `SELECT DISTINCT substr(address, instr(address, '@') + 1) AS domain
   FROM contact INDEXED BY contact_written_by_name
   WHERE written_to > 0
   LIMIT :limit`,
);

/** More would not be looked through while a message opens. */
const MOST_DOMAINS = 3000;

/** Domains of people that the user has written to. */
export function writtenDomains(reader: Reader): string[] {
  return reader.all(domainsWrittenTo, { limit: MOST_DOMAINS }).map(({ domain }) => domain);
}
