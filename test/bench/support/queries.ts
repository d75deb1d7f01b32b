import { type GeneratedMessage, generateMessage } from "./mailbox.ts";
import { HAN, LATIN_WORDS } from "./words.ts";

/** One search, as each side writes it, and which messages it must find by the text that was put in. */
export type Query = {
  readonly kind: "common" | "rare" | "phrase" | "sender" | "date" | "chinese";
  readonly ours: string;
  readonly notmuch: string;
  readonly finds: (message: Searchable) => boolean;
};

/** A generated message, folded once for scanning. */
export type Searchable = {
  readonly id: string;
  readonly latin: string;
  readonly text: string;
  readonly from: string;
  readonly receivedAt: number;
};

export function searchable(message: GeneratedMessage): Searchable {
  const { messageId, subject, body, from, to, receivedAt } = message;
  const text = `${subject}\n${body}\n${from.name}\n${from.address}\n${to}`.toLowerCase();
  return {
    id: messageId,
    text,
    latin: ` ${text.replace(/[^a-z0-9]+/gu, " ")} `,
    from: ` ${`${from.name} ${from.address}`.toLowerCase().replace(/[^a-z0-9]+/gu, " ")} `,
    receivedAt,
  };
}

function word(text: string, kind: Query["kind"]): Query {
  return { kind, ours: `${text} `, notmuch: text, finds: ({ latin }) => latin.includes(` ${text} `) };
}

function chinese(text: string): Query {
  // A phrase never runs over punctuation or a line's end: neither do these two characters in the text.
  return { kind: "chinese", ours: text, notmuch: text, finds: (message) => message.text.includes(text) };
}

/** Twenty searches of every kind, chosen from the generator's own vocabulary. */
export function twentyQueries(): Query[] {
  const common = [3, 9, 12, 40, 90].map((at) => word(LATIN_WORDS[at] ?? "", "common"));
  const rare = [20_011, 35_003, 52_007, 69_001].map((at) => word(LATIN_WORDS[at] ?? "", "rare"));
  const some = [101, 3007, 9000, 15_001, 17_003, 18_007].map((index) => generateMessage(index));
  const phrases = some.flatMap((message) => {
    // Whole words of one line.
    const found = /(?<=[a-z] )[a-z]+ [a-z]+ [a-z]+(?= [a-z])/u.exec(message.body.slice(20));
    return found === null ? [] : [found[0]];
  });
  const people = [5, 6, 7].map((index) => generateMessage(index).from.address.split(".")[0] ?? "");
  const year = new Date(2021, 0, 1).getTime();
  const dated = LATIN_WORDS[25] ?? "";
  return [
    ...common,
    ...rare,
    ...phrases.slice(0, 3).map(
      (phrase): Query => ({
        kind: "phrase",
        ours: `"${phrase}" `,
        notmuch: `"${phrase}"`,
        finds: ({ latin }) => latin.includes(` ${phrase} `),
      }),
    ),
    ...people.map(
      (person): Query => ({
        kind: "sender",
        ours: `from:${person} `,
        notmuch: `from:${person}`,
        finds: ({ from }) => from.includes(` ${person} `),
      }),
    ),
    {
      kind: "date",
      ours: `${dated} before:2021-01-01 `,
      notmuch: `${dated} date:..2020-12-31`,
      finds: ({ latin, receivedAt }) => latin.includes(` ${dated} `) && receivedAt < year,
    },
    ...[
      [0, 1],
      [10, 3],
      [200, 4],
      [31, 7],
    ].map(([a = 0, b = 0]) => chinese(`${HAN[a] ?? ""}${HAN[b] ?? ""}`)),
  ];
}
