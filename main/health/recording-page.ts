import { pausesOf, type RecordingFacts } from "./recording-facts.ts";
import { type RecordingWords, recordingWords } from "./recording-words.ts";
import type { Recorded } from "./threads.ts";

/** As long as a person notices at all. */
const FELT_MS = 50;
const GREW_BYTES = 5_000_000;
const BUSY = 0.05;

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2421; --faint: #5d6763; --line: #dfe4e1; --bar: #1f7a6b; --ground: #fbfcfb; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebe8; --faint: #98a39e; --line: #303835; --bar: #58b7a6; --ground: #151918; } }
body { font: 14px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; color: var(--ink); background: var(--ground); max-width: 960px; margin: 32px auto; padding: 0 20px; }
h1 { font-size: 20px; line-height: 28px; margin: 0; } h2 { font-size: 16px; margin: 32px 0 8px; } h3 { font-size: 14px; margin: 20px 0 4px; }
p { margin: 4px 0; } .faint { color: var(--faint); } .wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; font-weight: 400; padding: 4px 0 4px 16px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; } td.name { text-align: left; white-space: normal; overflow-wrap: anywhere; }
thead th { color: var(--faint); font-size: 12px; }
.bar { display: block; height: 4px; border-radius: 2px; background: var(--bar); margin-top: 2px; min-width: 1px; }`;

/** The summary of a recording as one page that loads nothing: what was busy in a few sentences, then the numbers of each thread. */
export function recordingPage(facts: RecordingFacts): string {
  const words = recordingWords(facts.language);
  const { recorded, endedAt, lastedMs, version, host, system } = facts;
  const when = new Intl.DateTimeFormat(words.lang, { dateStyle: "medium", timeStyle: "short" }).format(endedAt);
  const made = words.made(when, seconds(words, lastedMs), `Satchel ${version}, ${host}, ${system}`);
  return `<!doctype html>
<html lang="${words.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(words.title)}</title><style>${STYLE}</style></head><body>
<h1>${text(words.title)}</h1><p class="faint">${text(made)}</p>
${saidOf(words, recorded)
  .map((said) => `<p>${text(said)}</p>`)
  .join("\n")}
<h2>${text(words.threads)}</h2>
${threadTable(words, recorded)}
${recorded.map((one) => threadPart(words, one)).join("\n")}
<h2>${text(words.files)}</h2><p>${text(words.open)}</p>
</body></html>
`;
}

/** What was busy, who kept others waiting, and who holds more than before. */
function saidOf(words: RecordingWords, recorded: readonly Recorded[]): string[] {
  const said: string[] = [];
  const busiest = recorded.toSorted((one, other) => other.recording.busy - one.recording.busy)[0];
  const functions = busiest?.recording.functions ?? [];
  // What Node itself does it does for somebody.
  const first = functions.find(({ place }) => place !== "" && !place.startsWith("node:")) ?? functions[0];
  if (busiest !== undefined && busiest.recording.busy >= BUSY)
    said.push(
      words.busiest(nameOf(words, busiest), percent(words, busiest.recording.busy), first?.name || (first?.place ?? words.unnamed)),
    );
  const paused = recorded
    .flatMap((one) => one.recording.lag.longest.map((pause) => ({ one, ...pause })))
    .filter(({ ms }) => ms >= FELT_MS)
    .toSorted((one, other) => other.ms - one.ms)
    .slice(0, 3);
  for (const { one, ms, atMs } of paused) said.push(words.pause(nameOf(words, one), span(words, ms), seconds(words, atMs)));
  if (paused.length === 0) said.push(said.length === 0 ? words.resting : words.noPause);
  for (const one of recorded) {
    const { beganBytes, endedBytes } = one.recording.lag.memory;
    if (endedBytes - beganBytes >= GREW_BYTES) said.push(words.grew(nameOf(words, one), megabytes(words, endedBytes - beganBytes)));
  }
  return said;
}

function threadTable(words: RecordingWords, recorded: readonly Recorded[]): string {
  const heads = [
    words.thread,
    words.busy,
    words.half,
    words.most,
    words.nearlyAll,
    words.longest,
    words.memoryBegan,
    words.memoryMost,
    words.memoryEnded,
    words.outside,
  ];
  const rows = recorded.map((one) => {
    const { busy, lag } = one.recording;
    const { p50Ms, p95Ms, p99Ms } = pausesOf(lag.pauses);
    const { beganBytes, mostBytes, endedBytes, outsideBytes } = lag.memory;
    const times = [p50Ms, p95Ms, p99Ms, lag.mostMs].map((ms) => (ms === null ? "–" : span(words, ms)));
    const sizes = [beganBytes, mostBytes, endedBytes, outsideBytes].map((bytes) => megabytes(words, bytes));
    const part = `${text(percent(words, busy))}<span class="bar" style="width:${Math.round(busy * 100)}%"></span>`;
    return `<tr><th scope="row">${text(nameOf(words, one))}</th><td>${part}</td>${[...times, ...sizes].map((cell) => `<td>${text(cell)}</td>`).join("")}</tr>`;
  });
  const groups = `<tr><th></th><th></th><th colspan="4">${text(words.listens)}</th><th colspan="4">${text(words.memory)}</th></tr>`;
  const head = `<thead>${groups}<tr>${heads.map((one) => `<th scope="col">${text(one)}</th>`).join("")}</tr></thead>`;
  return `<div class="wide"><table>${head}<tbody>${rows.join("")}</tbody></table></div>`;
}

function threadPart(words: RecordingWords, one: Recorded): string {
  const { functions, makers, lag } = one.recording;
  const pauses = lag.longest.map(({ atMs, ms }) => `${span(words, ms)} ${words.at} ${seconds(words, atMs)}`).join(" · ");
  return `<h2>${text(nameOf(words, one))}</h2>
${pauses === "" ? "" : `<p class="faint">${text(`${words.listens}: ${pauses}`)}</p>`}
<h3>${text(words.functions)}</h3>
${hotTable(
  words,
  words.part,
  functions.map((hot) => ({ ...hot, value: percent(words, hot.part) })),
)}
<h3>${text(words.makers)}</h3>
${hotTable(
  words,
  words.bytes,
  makers.map((hot) => ({ ...hot, value: megabytes(words, hot.bytes) })),
)}`;
}

type Row = { readonly name: string; readonly place: string; readonly value: string };

function hotTable(words: RecordingWords, what: string, rows: readonly Row[]): string {
  if (rows.length === 0) return `<p class="faint">${text(words.nothing)}</p>`;
  const head = `<thead><tr><th scope="col">${text(words.function)}</th><th scope="col">${text(words.place)}</th><th scope="col">${text(what)}</th></tr></thead>`;
  const body = rows.map(
    ({ name, place, value }) =>
      `<tr><td class="name">${text(functionOf(words, name))}</td><td class="faint">${text(place)}</td><td>${text(value)}</td></tr>`,
  );
  return `<div class="wide"><table>${head}<tbody>${body.join("")}</tbody></table></div>`;
}

function nameOf({ names }: RecordingWords, { thread, threadId }: Recorded): string {
  const name = Object.entries(names).find(([key]) => key === thread)?.[1] ?? thread;
  return thread === "parse" ? `${name} ${threadId}` : name;
}

function functionOf(words: RecordingWords, name: string): string {
  return name === "" ? words.unnamed : name;
}

function percent({ lang }: RecordingWords, part: number): string {
  return new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: part < 0.1 ? 1 : 0 }).format(part);
}

function span(words: RecordingWords, ms: number): string {
  if (!Number.isFinite(ms)) return `> ${seconds(words, 60_000)}`;
  return ms >= 1000 ? seconds(words, ms) : unit(words, Math.round(ms), "millisecond");
}

function seconds(words: RecordingWords, ms: number): string {
  return unit(words, Math.round(ms / 100) / 10, "second");
}

function megabytes(words: RecordingWords, bytes: number): string {
  return bytes < 100_000 ? unit(words, Math.round(bytes / 1000), "kilobyte") : unit(words, Math.round(bytes / 100_000) / 10, "megabyte");
}

function unit({ lang }: RecordingWords, value: number, of: string): string {
  return new Intl.NumberFormat(lang, { style: "unit", unit: of, unitDisplay: "short" }).format(value);
}

function text(value: string): string {
  return value.replace(/[&<>"]/gu, (sign) => `&#${sign.charCodeAt(0)};`);
}
