export interface Invitation {
  uid: string;
  title: string;
  place: string;
  organiser: { name: string; address: string };
  attendee: string;
  start: Date;
  hours: number;
  note: string;
}

/** An invitation as calendars send it (RFC 5545, METHOD:REQUEST). */
export function invitation(event: Invitation): string {
  const stamp = (at: Date): string => at.toISOString().replace(/[-:]|\.\d+/g, "");
  const text = (value: string): string => value.replace(/[\\;,]/g, "\\$&").replaceAll("\n", "\\n");
  const lines = [
    "BEGIN:VCALENDAR",
    "PRODID:-//Harbour Studio//Demo//EN",
    "VERSION:2.0",
    "METHOD:REQUEST",
    "BEGIN:VEVENT",
    `UID:${event.uid}`,
    `DTSTAMP:${stamp(new Date(event.start.getTime() - 20 * 86_400_000))}`,
    `DTSTART:${stamp(event.start)}`,
    `DTEND:${stamp(new Date(event.start.getTime() + event.hours * 3_600_000))}`,
    `SUMMARY:${text(event.title)}`,
    `LOCATION:${text(event.place)}`,
    `DESCRIPTION:${text(event.note)}`,
    `ORGANIZER;CN="${event.organiser.name}":mailto:${event.organiser.address}`,
    `ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:${event.attendee}`,
    "STATUS:CONFIRMED",
    "SEQUENCE:0",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return `${lines.map(fold).join("\r\n")}\r\n`;
}

/** RFC 5545 §3.1: no line over 75 bytes. */
function fold(line: string): string {
  let out = "";
  let width = 0;
  for (const character of line) {
    const bytes = Buffer.byteLength(character);
    if (width + bytes > 74) {
      out += "\r\n ";
      width = 1;
    }
    out += character;
    width += bytes;
  }
  return out;
}
