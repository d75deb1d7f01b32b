/** What a report's machine-readable part says of one recipient (RFC 3464 §2.3), nothing judged yet. */
export type StatedRecipient = {
  readonly originalRecipient: string;
  readonly finalRecipient: string;
  /** In lower case; "" when not given. */
  readonly action: string;
  readonly status: string;
  readonly diagnostic: string;
  readonly remoteHost: string;
  readonly retryUntil: string;
};

export type StatedReport = {
  readonly envelopeId: string;
  readonly reportingHost: string;
  /** Message-ID of the original, where a system names it here; with angle brackets. */
  readonly originalId: string;
  readonly recipients: readonly StatedRecipient[];
};

const MOST_RECIPIENTS = 1000;

/** Fields that reports are made of. In text for people only these count as fields. */
const KNOWN =
  /^(?:original-envelope-id|reporting-mta|dsn-gateway|received-from-mta|arrival-date|original-recipient|final-recipient|action|status|remote-mta|diagnostic-code|last-attempt-date|final-log-id|will-retry-until|x-[a-z0-9-]+)$/u;

type Open = Map<string, string>;

/**
 * Reads the fields of a delivery report, in its own part or written into text. Tolerant of what systems do: blank lines inside a
 * group or none between groups, fields in any order, lines that are not folded.
 * @param strict only known field names count, since this is text for people
 */
export function readReportFields(text: string, strict: boolean): StatedReport {
  const about: Open = new Map();
  const groups: Open[] = [];
  let open: Open = new Map();
  let last = "";
  let parted = true;
  const hasRecipient = () => open.has("final-recipient") || open.has("original-recipient");
  const close = () => {
    if (hasRecipient() && groups.length < MOST_RECIPIENTS) groups.push(open);
    else for (const [name, value] of open) if (!about.has(name)) about.set(name, value);
    open = new Map();
  };
  for (const line of text.split("\n")) {
    if (line.trim() === "") {
      parted = true;
      last = "";
      continue;
    }
    const field = /^([A-Za-z][A-Za-z0-9-]{2,40}):[ \t]*(.*)$/u.exec(line);
    const name = field?.[1]?.toLowerCase() ?? "";
    if (field === null || (!KNOWN.test(name) && (strict || /^(?:https?|mailto)$/u.test(name)))) {
      // A fold, or a line of a diagnostic that was not folded.
      const goesOn = /^[ \t]/u.test(line) || last === "diagnostic-code";
      if (last !== "" && goesOn && !line.startsWith("--")) open.set(last, `${open.get(last) ?? ""} ${line.trim()}`);
      else last = "";
      continue;
    }
    const again = open.has(name) && /^(?:final-recipient|original-recipient|action)$/u.test(name);
    if ((hasRecipient() && (parted || again)) || (parted && !hasRecipient() && name === "reporting-mta" && open.size > 0)) close();
    parted = false;
    last = name;
    if (!open.has(name)) open.set(name, (field[2] ?? "").trim());
  }
  close();
  const value = (group: Open, name: string) => group.get(name) ?? "";
  const anywhere = (name: string) => value(about, name) || (groups.find((group) => group.has(name))?.get(name) ?? "");
  return {
    envelopeId: anywhere("original-envelope-id"),
    reportingHost: untyped(anywhere("reporting-mta")),
    originalId: anywhere("x-original-message-id"),
    recipients: groups.map((group) => ({
      originalRecipient: addressOf(value(group, "original-recipient")),
      finalRecipient: addressOf(value(group, "final-recipient")),
      action:
        value(group, "action")
          .toLowerCase()
          .split(/[\s(;]/u)[0] ?? "",
      status: value(group, "status"),
      diagnostic: untyped(value(group, "diagnostic-code")),
      remoteHost: untyped(value(group, "remote-mta")).split(/[\s(]/u)[0] ?? "",
      retryUntil: value(group, "will-retry-until"),
    })),
  };
}

/** `rfc822; user@example.test` and `smtp; 550 …`: the type is dropped. */
function untyped(text: string): string {
  const semicolon = text.indexOf(";");
  return (semicolon >= 0 && /^[\w .-]{1,40}$/u.test(text.slice(0, semicolon)) ? text.slice(semicolon + 1) : text).trim();
}

/** "" unless there is a mail address in it. */
function addressOf(value: string): string {
  const bare = untyped(value)
    // RFC 6533 §3: an address of other than ASCII letters, written in ASCII.
    .replace(/\\x\{([0-9A-F]{2,6})\}/gu, (_all, code: string) => String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(code, 16))))
    .replace(/^.*<([^<>]*)>.*$/u, "$1")
    .replace(/^mailto:/iu, "")
    .trim();
  return /^[^\s@]+@[^\s@]+$/u.test(bare) || /^"[^"]+"@[^\s@]+$/u.test(bare) ? bare : "";
}
