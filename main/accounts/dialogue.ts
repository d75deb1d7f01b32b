/** How each protocol greets, tells its abilities and begins TLS, as far as that is possible without signing in. */
export type Dialogue = {
  /** The first line of a server of this kind. */
  readonly greets: RegExp;
  /** Whether a line is the last one of the greeting. */
  readonly greeted: (line: string) => boolean;
  readonly ask: string;
  /** Whether a line is the last one of what `ask` is answered with. */
  readonly told: (line: string) => boolean;
  readonly abilities: (lines: readonly string[]) => string[];
  readonly upgrade: string;
  /** The word by which STARTTLS is offered. */
  readonly offers: RegExp;
  /** The answer to `upgrade`: the line that says yes or no. */
  readonly answered: (line: string) => boolean;
  readonly agreed: RegExp;
  readonly bye: string;
};

/** A tag of our own, which no server uses by itself. */
const TAG = "look";

export const DIALOGUES: Readonly<Record<"imap" | "pop3" | "smtp", Dialogue>> = {
  imap: {
    greets: /^\* (?:OK|PREAUTH)\b/iu,
    greeted: () => true,
    ask: `${TAG}1 CAPABILITY`,
    told: (line) => line.startsWith(`${TAG}1 `),
    abilities: (lines) => lines.flatMap((line) => /^\* CAPABILITY (.+)$/iu.exec(line)?.[1]?.trim().split(/\s+/u) ?? []),
    upgrade: `${TAG}2 STARTTLS`,
    offers: /^STARTTLS$/iu,
    answered: (line) => line.startsWith(`${TAG}2 `),
    agreed: new RegExp(`^${TAG}2 OK`, "iu"),
    bye: `${TAG}3 LOGOUT`,
  },
  pop3: {
    greets: /^\+OK\b/iu,
    greeted: () => true,
    ask: "CAPA",
    told: (line) => line === "." || line.startsWith("-"),
    abilities: (lines) => lines.filter((line) => !/^[+\-.]/u.test(line)),
    upgrade: "STLS",
    offers: /^STLS$/iu,
    answered: () => true,
    agreed: /^\+OK/iu,
    bye: "QUIT",
  },
  smtp: {
    greets: /^220[ -]/u,
    greeted: (line) => !/^\d{3}-/u.test(line),
    ask: "EHLO [127.0.0.1]",
    told: (line) => !/^\d{3}-/u.test(line),
    abilities: (lines) => ((lines[0] ?? "").startsWith("250") ? lines.slice(1).map((line) => line.slice(4)) : []),
    upgrade: "STARTTLS",
    offers: /^STARTTLS$/iu,
    answered: (line) => !/^\d{3}-/u.test(line),
    agreed: /^220/u,
    bye: "QUIT",
  },
};
