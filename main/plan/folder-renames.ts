/** A folder that is known and that the listing does not have under its name any more. */
export type MissingFolder = {
  readonly id: number;
  readonly uidValidity: number | null;
  readonly uidNext: number | null;
  readonly mailboxId: string | null;
  /** Listed here. */
  readonly messages: number;
};

/** One that is listed and not known under its name. */
export type FoundFolder = {
  readonly path: string;
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly mailboxId: string | null;
  readonly messages: number;
};

export type Recognition = {
  readonly id: number;
  readonly path: string;
  /**
   * What has still to be looked at before it is believed: `numbers`, whether its UIDs name the same messages; `content`, whether the
   * same messages are in it under other numbers; null, nothing.
   */
  readonly look: "numbers" | "content" | null;
};

/**
 * Which folder that went may be which one that came: another program renamed it, or we did and were cut off before the answer.
 *
 * MAILBOXID is proof (RFC 8474 §4). UIDVALIDITY is only a hint: many servers take the second in which a folder was made, so that folders
 * made together share it. The likelier pairs come first; who asks stops at the first that holds for a folder.
 */
export function planRecognition(missing: readonly MissingFolder[], found: readonly FoundFolder[]): Recognition[] {
  const certain = missing.flatMap(({ id, mailboxId }): Recognition[] => {
    const same = mailboxId === null ? undefined : found.find((one) => one.mailboxId === mailboxId);
    return same === undefined ? [] : [{ id, path: same.path, look: null }];
  });
  const done = new Set(certain.map(({ id }) => id));
  const taken = new Set(certain.map(({ path }) => path));
  const open = missing.filter(({ id }) => !done.has(id));
  // Two that both have a MAILBOXID, and another one, are two folders.
  const free = found.filter(({ path }) => !taken.has(path));
  const couldBe = (a: MissingFolder, b: FoundFolder): boolean => a.mailboxId === null || b.mailboxId === null;
  const numbered = open.flatMap((one) =>
    free.flatMap((other): (Recognition & { off: number })[] => {
      const fits = couldBe(one, other) && one.uidValidity === other.uidValidity && other.uidNext >= (one.uidNext ?? 0);
      if (!fits) return [];
      const off = Math.abs(one.messages - other.messages);
      if (one.messages > 0) return other.messages > 0 ? [{ id: one.id, path: other.path, look: "numbers" as const, off }] : [];
      // Nothing is in it that could prove it: only the sole pair that agrees in all numbers.
      return other.messages === 0 && other.uidNext === one.uidNext && isSole(open, free, one)
        ? [{ id: one.id, path: other.path, look: null, off }]
        : [];
    }),
  );
  const contents = open.flatMap((one) =>
    free.flatMap((other): (Recognition & { off: number })[] =>
      couldBe(one, other) && one.uidValidity !== other.uidValidity && one.messages > 0 && other.messages > 0
        ? [{ id: one.id, path: other.path, look: "content", off: Math.abs(one.messages - other.messages) }]
        : [],
    ),
  );
  const nearest = (pairs: typeof numbered): Recognition[] =>
    [...pairs].sort((a, b) => a.off - b.off).map(({ id, path, look }) => ({ id, path, look }));
  return [...certain, ...nearest(numbered), ...nearest(contents)];
}

function isSole(missing: readonly MissingFolder[], found: readonly FoundFolder[], { uidValidity }: MissingFolder): boolean {
  return (
    missing.filter((one) => one.uidValidity === uidValidity).length === 1 &&
    found.filter((one) => one.uidValidity === uidValidity).length === 1
  );
}
