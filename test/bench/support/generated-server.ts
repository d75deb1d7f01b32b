import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Wish } from "./mailbox-server.ts";

// A server whose mail is made up while it is asked for: a million messages in ten folders need no memory. It knows the commands that the program
// says to such a server and no others; that they are said as they should be is tested elsewhere.
const FOLDERS = ["INBOX", ...Array.from({ length: 9 }, (_, index) => `Box ${index + 1}`)];
const CAPABILITY = "CAPABILITY IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN ID ENABLE NAMESPACE UNSELECT ESEARCH CONDSTORE IDLE";
const FIRST_AT = Date.UTC(2006, 0, 1);
/** Answers are written in pieces of this many messages, each when the line has taken the one before. */
const PIECE = 200;

const counts = new Map(FOLDERS.map((name) => [name, 0]));
const flagged = new Map<number, number>();
let modseq = 1;

process.on("message", ({ kind, count }: Wish) => {
  modseq += 1;
  if (kind === "flag") for (let uid = 1; uid <= count; uid += 1) flagged.set(uid, modseq);
  else if (count === 1) counts.set("INBOX", (counts.get("INBOX") ?? 0) + 1);
  else for (const name of FOLDERS) counts.set(name, (counts.get(name) ?? 0) + count / FOLDERS.length);
  process.send?.({ done: kind });
});

const two = (number: number): string => String(number).padStart(2, "0");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const TOPICS = [
  "The quarterly figures",
  "发票与报销",
  "Trip to the harbour",
  "Minutes of Tuesday",
  "項目進度",
  "Your order has been sent",
  "Photos",
  "Re-use of the shed",
];

function flagsOf(folder: string, uid: number): { flags: string; at: number } {
  const at = folder === "INBOX" ? flagged.get(uid) : undefined;
  return { flags: at !== undefined && at % 2 === 0 ? "\\Seen \\Flagged" : "\\Seen", at: at ?? 1 };
}

function row(folder: string, uid: number): string {
  const number = uid * FOLDERS.length + FOLDERS.indexOf(folder);
  const at = new Date(FIRST_AT + number * 600_000);
  const day = `${two(at.getUTCDate())}-${MONTHS[at.getUTCMonth()]}-${at.getUTCFullYear()}`;
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  const subject = Buffer.from(`${TOPICS[number % TOPICS.length]} ${number >> 4}`).toString("base64");
  // Every third answers one of the same folder.
  const about = number % 3 === 0 && uid > 7 ? `<m${number - 70}@example.test>` : null;
  const answers = about === null ? "" : `In-Reply-To: ${about}\r\nReferences: ${about}\r\n`;
  const header =
    `Date: ${day.replaceAll("-", " ")} ${time} +0000\r\nSubject: =?utf-8?B?${subject}?=\r\nFrom: Person ${number % 997} <person${number % 997}@example.test>\r\n` +
    `To: Me <user1@example.test>\r\nMessage-ID: <m${number}@example.test>\r\n${answers}\r\n`;
  const { flags, at: changed } = flagsOf(folder, uid);
  return (
    `* ${uid} FETCH (UID ${uid} FLAGS (${flags}) MODSEQ (${changed}) INTERNALDATE "${day} ${time} +0000" RFC822.SIZE ${4000 + (number % 9000)} ` +
    `BODYSTRUCTURE ("text" "plain" ("charset" "utf-8") NIL NIL "8bit" 4000 80 NIL NIL NIL NIL) BODY[HEADER.FIELDS (DATE SUBJECT)] {${header.length}}\r\n${header})\r\n`
  );
}

/** Numbers of a set like 3,7:9,12:*. */
function* numbersOf(set: string, most: number): Generator<number> {
  for (const part of set.split(",")) {
    const [from = 1, to = from] = part.split(":").map((end) => (end === "*" ? most : Number(end)));
    for (let uid = Math.min(from, to); uid <= Math.min(Math.max(from, to), most); uid += 1) yield uid;
  }
}

async function fetchRows(socket: Socket, folder: string, set: string, rest: string): Promise<void> {
  const since = Number(/CHANGEDSINCE (\d+)/u.exec(rest)?.[1] ?? Number.NaN);
  const whole = rest.includes("HEADER.FIELDS");
  const most = counts.get(folder) ?? 0;
  const numbers = Number.isNaN(since)
    ? numbersOf(set, most)
    : [...flagged.keys(), most].filter((uid) => folder === "INBOX" && uid > 0 && (flagged.get(uid) ?? modseq) > since);
  let lines: string[] = [];
  const write = async (): Promise<void> => {
    if (!socket.write(lines.join(""))) await Promise.race([once(socket, "drain"), once(socket, "close")]);
    lines = [];
  };
  for (const uid of numbers) {
    const { flags, at } = flagsOf(folder, uid);
    lines.push(whole ? row(folder, uid) : `* ${uid} FETCH (UID ${uid} FLAGS (${flags}) MODSEQ (${at}))\r\n`);
    if (lines.length >= PIECE) await write();
  }
  await write();
}

function statusOf(name: string): string {
  const count = counts.get(name) ?? 0;
  return `* STATUS "${name}" (MESSAGES ${count} UIDNEXT ${count + 1} UIDVALIDITY 7 UNSEEN 0 HIGHESTMODSEQ ${name === "INBOX" ? modseq : 1})\r\n`;
}

type Talk = { readonly socket: Socket; folder: string; idling: string };

async function answer(talk: Talk, line: string): Promise<void> {
  const { socket } = talk;
  if (talk.idling !== "") {
    if (line.toUpperCase() === "DONE") socket.write(`${talk.idling} OK done\r\n`);
    talk.idling = "";
    return;
  }
  const [tag = "", first = "", ...words] = line.split(" ");
  const uid = first.toUpperCase() === "UID";
  const command = (uid ? (words.shift() ?? "") : first).toUpperCase();
  const rest = words.join(" ");
  switch (command) {
    case "CAPABILITY":
      socket.write(`* ${CAPABILITY}\r\n`);
      break;
    case "ID":
      socket.write("* ID NIL\r\n");
      break;
    case "ENABLE":
      socket.write("* ENABLED CONDSTORE\r\n");
      break;
    case "NAMESPACE":
      socket.write('* NAMESPACE (("" "/")) NIL NIL\r\n');
      break;
    case "LIST":
    case "LSUB":
      for (const name of rest.startsWith('"" ""') ? [] : FOLDERS) socket.write(`* ${command} (\\HasNoChildren) "/" "${name}"\r\n`);
      break;
    case "STATUS":
      socket.write(statusOf(/^"?([^"(]+?)"? \(/u.exec(rest)?.[1] ?? ""));
      break;
    case "SELECT":
    case "EXAMINE": {
      talk.folder = /^"?([^"(]+?)"?(?: \(|$)/u.exec(rest)?.[1] ?? "INBOX";
      const count = counts.get(talk.folder) ?? 0;
      socket.write(
        `* FLAGS (\\Seen \\Flagged \\Deleted \\Answered \\Draft)\r\n* OK [PERMANENTFLAGS (\\Seen \\Flagged \\*)] ok\r\n* ${count} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT ${count + 1}] ok\r\n* OK [HIGHESTMODSEQ ${talk.folder === "INBOX" ? modseq : 1}] ok\r\n`,
      );
      break;
    }
    case "SEARCH":
      socket.write(`* ESEARCH (TAG "${tag}") UID${(counts.get(talk.folder) ?? 0) > 0 ? ` ALL 1:${counts.get(talk.folder)}` : ""}\r\n`);
      break;
    case "FETCH":
      await fetchRows(socket, talk.folder, words[0] ?? "", rest);
      break;
    case "IDLE":
      talk.idling = tag;
      socket.write("+ idling\r\n");
      return;
    case "LOGOUT":
      socket.end(`* BYE bye\r\n${tag} OK bye\r\n`);
      return;
  }
  socket.write(`${tag} OK done\r\n`);
}

const server = createServer((socket) => {
  const talk: Talk = { socket, folder: "", idling: "" };
  let text = "";
  let turn = Promise.resolve();
  socket.on("error", () => socket.destroy());
  socket.on("data", (data) => {
    text += data.toString("latin1");
    for (let end = text.indexOf("\r\n"); end >= 0; end = text.indexOf("\r\n")) {
      const line = text.slice(0, end);
      text = text.slice(end + 2);
      turn = turn.then(() => answer(talk, line)).catch(() => void socket.destroy());
    }
  });
  socket.write(`* OK [${CAPABILITY}] ready\r\n`);
});
server.listen(0, "127.0.0.1", () => void process.send?.({ port: (server.address() as AddressInfo).port }));
