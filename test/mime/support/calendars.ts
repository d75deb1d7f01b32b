/** Calendars as those write them who send invitations. */

export type EventLines = {
  readonly uid?: string;
  readonly sequence?: number;
  readonly stamp?: string;
  readonly method?: string;
  readonly start?: string;
  readonly end?: string;
  readonly title?: string;
  readonly place?: string;
  readonly organiser?: string;
  readonly attendees?: readonly string[];
  /** Further lines of the event. */
  readonly more?: readonly string[];
  /** Components beside the event. */
  readonly beside?: readonly string[];
};

/** A calendar with one event in it. */
export function calendar(event: EventLines = {}): string {
  const { method = "REQUEST", organiser = "mailto:mira@atelier.example", attendees = ["mailto:user1@example.test"] } = event;
  return [
    "BEGIN:VCALENDAR",
    "PRODID:-//Test//EN",
    "VERSION:2.0",
    ...(method === "" ? [] : [`METHOD:${method}`]),
    ...(event.beside ?? []),
    "BEGIN:VEVENT",
    `UID:${event.uid ?? "kiln-opening@atelier.example"}`,
    `DTSTAMP:${event.stamp ?? "20261120T080000Z"}`,
    ...(event.start === "" ? [] : [event.start ?? "DTSTART;TZID=Asia/Shanghai:20261202T140000"]),
    ...(event.end === "" ? [] : [event.end ?? "DTEND;TZID=Asia/Shanghai:20261202T153000"]),
    `SEQUENCE:${event.sequence ?? 0}`,
    `SUMMARY:${event.title ?? "Kiln opening"}`,
    ...(event.place === undefined ? [] : [`LOCATION:${event.place}`]),
    ...(organiser === "" ? [] : [`ORGANIZER;CN=Mira Okafor:${organiser}`]),
    ...attendees.map((one) => (one.startsWith("ATTENDEE") ? one : `ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:${one}`)),
    ...(event.more ?? []),
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

/** How Outlook describes the zone of Berlin, under a name that is its own. */
export const BERLIN = [
  "BEGIN:VTIMEZONE",
  "TZID:Customized Time Zone",
  "BEGIN:STANDARD",
  "DTSTART:16010101T030000",
  "TZOFFSETFROM:+0200",
  "TZOFFSETTO:+0100",
  "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10",
  "END:STANDARD",
  "BEGIN:DAYLIGHT",
  "DTSTART:16010101T020000",
  "TZOFFSETFROM:+0100",
  "TZOFFSETTO:+0200",
  "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3",
  "END:DAYLIGHT",
  "END:VTIMEZONE",
];

/** A message that brings a calendar the way mailers do: beside its words. */
export function invitationMail(
  ics: string | Buffer,
  more: {
    from?: string;
    id?: string;
    type?: string;
    encoding?: "base64" | "quoted-printable" | "8bit";
    to?: string;
    subject?: string;
  } = {},
): Buffer {
  const { encoding = "base64", type = "text/calendar; charset=utf-8; method=REQUEST" } = more;
  const bytes = Buffer.isBuffer(ics) ? ics : Buffer.from(ics);
  const coded =
    encoding === "base64"
      ? Buffer.from(bytes.toString("base64").replace(/.{76}/gu, "$&\r\n"))
      : encoding === "8bit"
        ? bytes
        : Buffer.from(quotedPrintable(bytes));
  const head = [
    `From: ${more.from ?? "Mira Okafor <mira@atelier.example>"}`,
    `To: ${more.to ?? "user1@example.test"}`,
    `Subject: ${more.subject ?? "Invitation: Kiln opening"}`,
    "Date: Fri, 20 Nov 2026 08:00:00 +0000",
    `Message-ID: <${more.id ?? "invitation-1@atelier.example"}>`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/alternative; boundary="alt"',
    "",
    "--alt",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "You are invited.",
    "",
    "--alt",
    `Content-Type: ${type}`,
    `Content-Transfer-Encoding: ${encoding}`,
    "",
    "",
  ].join("\r\n");
  return Buffer.concat([Buffer.from(head), coded, Buffer.from("\r\n--alt--\r\n")]);
}

function quotedPrintable(bytes: Buffer): string {
  const coded = [...bytes].map((byte) =>
    byte === 13 || byte === 10
      ? String.fromCharCode(byte)
      : byte > 126 || byte < 32 || byte === 61
        ? `=${byte.toString(16).toUpperCase().padStart(2, "0")}`
        : String.fromCharCode(byte),
  );
  return coded
    .join("")
    .split("\r\n")
    .map((line) =>
      line.replace(/.{70}(?=.)/gu, (piece) => (/=.?$/u.test(piece) ? `${piece.slice(0, -2)}=\r\n${piece.slice(-2)}` : `${piece}=\r\n`)),
    )
    .join("\r\n");
}
