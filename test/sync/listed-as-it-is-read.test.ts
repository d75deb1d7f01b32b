import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fetchHeaders, type HeaderRow } from "../../main/imap/fetch-headers.ts";
import { openFolder } from "../../main/imap/select-folder.ts";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { incomingHeader } from "../../main/sync/take-headers.ts";
import { corporaDir, mailFiles } from "../mime/support/corpora.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { startMailServers } from "../servers/real.ts";
import { sessionTo } from "../support/imap-session.ts";

const ME = "user1@example.test";
const NOBODY_CHOSE = { likely: [], senders: new Map<string, string>() };
const dir = corporaDir();

type Mail = { readonly name: string; readonly raw: Buffer };

async function ourServer(mails: readonly Mail[]): Promise<number> {
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
  onTestFinished(() => server.stop());
  for (const { raw } of mails) server.folder(ME, "INBOX").deliver(raw);
  return server.port;
}

async function dovecot(mails: readonly Mail[]): Promise<number> {
  const servers = await startMailServers({ users: 1 });
  onTestFinished(() => servers.stop());
  for (const { raw } of mails) await servers.deliver(ME, raw);
  return servers.ports.imap;
}

async function listed(port: number): Promise<HeaderRow[]> {
  const session = await sessionTo({ port });
  onTestFinished(() => session.destroy());
  await openFolder(session, "INBOX", "read");
  const rows: HeaderRow[] = [];
  await fetchHeaders(session, "1:*", (some) => void rows.push(...some));
  return rows;
}

/** What a row of a list shows, and what threads and searches go by. How large a file is decoded the server does not say. */
function shown({ header, hasAttachment, parts }: Pick<ReturnType<typeof incomingHeader>, "header" | "hasAttachment" | "parts">) {
  return { header, hasAttachment, parts: parts.map(({ part, name, type, inline }) => ({ part, name, type, inline })) };
}

function read(raw: Buffer) {
  const { messageIdHeader, inReplyTo, references, subject, from, to, cc, bcc, replyTo, sentAt, ...rest } = parseArrived(raw).summary;
  return shown({ ...rest, header: { messageIdHeader, inReplyTo, references, subject, from, to, cc, bcc, replyTo, sentAt } });
}

/** Those that are listed otherwise than they are read. */
async function different(mails: readonly Mail[], serve: (mails: readonly Mail[]) => Promise<number>): Promise<string[]> {
  const rows = await listed(await serve(mails));
  expect(rows).toHaveLength(mails.length);
  return mails.flatMap(({ name, raw }, at) => {
    const row = rows.find(({ uid }) => uid === at + 1);
    const same = row !== undefined && isEqual(shown(incomingHeader(row, NOBODY_CHOSE)), read(raw));
    return same ? [] : [name];
  });
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const mail = (name: string, lines: readonly string[]): Mail => ({ name, raw: Buffer.from(lines.join("\r\n"), "latin1") });
/** 发票 and 附件, as GB18030 has them. */
const [INVOICE, ATTACHED] = ["\xb7\xa2\xc6\xb1", "\xb8\xbd\xbc\xfe"];
const TOP = ["From: =?big5?B?pKSk5Q==?= <a@example.test>", "Date: Mon, 2 Nov 2026 09:14:00 +0800"];
const boundary = 'Content-Type: multipart/mixed; boundary="b"';

const HARD: readonly Mail[] = [
  mail("words of old charsets", [...TOP, "Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?= =?gb2312?Q?=B7=A2=C6=B1?=", "", "text"]),
  mail("a header of raw bytes, by the charset of its text", [
    ...TOP,
    `Subject: ${INVOICE}${ATTACHED} caf\xe9`,
    "Content-Type: text/plain; charset=gb18030",
    "",
    INVOICE,
  ]),
  mail("raw UTF-8", [...TOP, Buffer.from("Subject: 发票 für alle").toString("latin1"), "", "text"]),
  mail("a word cut in two", [...TOP, "Subject: =?utf-8?B?5Y+R56U=?=", " =?utf-8?B?qA==?= and more", "", "text"]),
  mail("groups, routes, comments and quotes", [
    ...TOP,
    'To: Friends: "Doe, John" <j@example.test>, b@example.test (Bea); , undisclosed-recipients:;',
    "Cc: <@relay.example.test:c@example.test>, Doe, Jane <d@example.test>",
    'Reply-To: "=?utf-8?Q?Wei=C3=9F?=" <w@example.test>',
    "Subject: groups",
    "",
    "text",
  ]),
  mail("ids without brackets, and many of them", [
    ...TOP,
    "Message-ID: bare@example.test",
    "In-Reply-To: Your letter of Monday <one@example.test>",
    "References: <zero@example.test>\r\n\t<one@example.test>",
    "Subject: a",
    "",
    "text",
  ]),
  mail("files by every way of naming them", [
    ...TOP,
    "Subject: files",
    boundary,
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    "words",
    "--b",
    "Content-Type: application/pdf",
    "Content-Disposition: attachment; filename*0*=utf-8''%E5%8F%91; filename*1*=%E7%A5%A8.pdf",
    "",
    "x",
    "--b",
    "Content-Type: application/pdf; name*=gb18030''%B7%A2%C6%B1.pdf",
    "",
    "x",
    "--b",
    'Content-Type: application/pdf; name="=?gb2312?B?t6LGsQ==?=.pdf"',
    "",
    "x",
    "--b",
    `Content-Type: text/plain; name="${INVOICE}${ATTACHED}.txt"`,
    `Content-Disposition: inline; filename="..\\\\${INVOICE}.txt"`,
    "",
    "x",
    "--b--",
    "",
  ]),
  mail("a message in a message, and a picture in a text", [
    ...TOP,
    "Subject: forwarded",
    boundary,
    "",
    "--b",
    'Content-Type: multipart/related; boundary="r"',
    "",
    "--r",
    "Content-Type: text/html; charset=utf-8",
    "",
    '<img src="cid:p@x">',
    "--r",
    "Content-Type: image/png",
    "Content-ID: <p@x>",
    "",
    "x",
    "--r--",
    "--b",
    "Content-Type: message/rfc822",
    "",
    "From: b@example.test",
    "Subject: =?gb2312?B?t6LGsQ==?=: from / to",
    boundary.replaceAll("b", "c"),
    "",
    "--c",
    "",
    "inner",
    "--c--",
    "--b--",
    "",
  ]),
];

const SAMPLES = join(import.meta.dirname, "../samples");
const samples = readdirSync(SAMPLES).map((name): Mail => ({ name, raw: readFileSync(join(SAMPLES, name)) }));

test("a message is listed with the subject, people and files that it has when its bytes come", async () => {
  expect(await different([...samples, ...HARD], ourServer)).toEqual([]);
});

test.skipIf(mailServersAvailable() !== null)("so it is when Dovecot tells of it", async () => {
  expect(await different([...samples, ...HARD], dovecot)).toEqual([]);
});

test("raw bytes of a sender whose charset the user chose are listed in that charset", async () => {
  const [row] = await listed(await ourServer([mail("raw", ["From: r@example.test", "Subject: \xd0\xcf\xde\xd4\xc1", "", "text"])]));
  const chosen = { likely: [], senders: new Map([["r@example.test", "windows-1251"]]) };
  expect(row && incomingHeader(row, chosen).header.subject).toBe("РПЮФБ");
});

/** Where a header ends, and what a part's type is, is anybody's guess in these; and what is packed into a winmail.dat no server tells. */
const GUESSED = [
  "feedback-report.txt",
  "missing-subtype.txt",
  "ukr.eml",
  "fws_fn.eml",
  "phish_sender2.eml",
  "phish_sender4.eml",
  "example13.eml",
  "bsmtp",
  "unencrypted_signed_simple.eml",
  "attachment_with_unquoted_name.eml",
  "mime8",
];

test.skipIf(dir === null)("so is every public message", { timeout: 60_000 }, async () => {
  const others = (await different(publicMails(), ourServer)).filter((name) => !GUESSED.includes(name));
  expect(others).toEqual([]);
});

test.skipIf(dir === null || mailServersAvailable() !== null)("and when Dovecot tells of them", { timeout: 120_000 }, async () => {
  const others = (await different(publicMails(), dovecot)).filter((name) => !GUESSED.includes(name));
  expect(others).toEqual([]);
});

/** As they come over a line, without what no server takes. */
function publicMails(): Mail[] {
  return mailFiles(dir)
    .map((file) => ({ name: file.replace(/^.*[\\/]/u, ""), text: readFileSync(file, "latin1") }))
    .filter(({ text }) => text !== "")
    .map(({ name, text }) => ({ name, raw: Buffer.from(text.replace(/\r?\n/gu, "\r\n").replaceAll("\0", "\u0080"), "latin1") }));
}
