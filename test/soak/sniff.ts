import { readFileSync } from "node:fs";
import { join } from "node:path";
import { corporaDir, mailFiles } from "../mime/support/corpora.ts";
import { MOST_IN_FOLDER, Reader, type SentMail } from "../sniff/reader.ts";
import { Sniffer } from "../sniff/sniffer.ts";

// Every public message and every payload of DOMPurify is opened before the ears; none may call, run, open or lead anywhere. `npm run soak -- sniff`
const dir = corporaDir();
if (dir === null) {
  process.stderr.write("The public mail is not here: see SATCHEL_CORPORA.\n");
  process.exit(2);
}
const payloads = JSON.parse(readFileSync(join(dir, "html/dompurify/expect.json"), "utf8")) as { payload: string }[];
const messages = mailFiles(dir).map((file) => ({ subject: file, raw: readFileSync(file) }));
const mails: SentMail[] = [
  ...payloads.map(({ payload }, at) => ({ subject: `payload ${at}`, html: payload })),
  ...messages.filter(({ raw }) => raw.length > 0),
];
const sniffer = await Sniffer.start();
const reader = await Reader.start(sniffer);
let opened = 0;
for (let at = 0; at * MOST_IN_FOLDER < mails.length; at += 1) {
  await reader.deliver(`Corpora-${at}`, mails.slice(at * MOST_IN_FOLDER, (at + 1) * MOST_IN_FOLDER));
  opened += await reader.openFolder(`Corpora-${at}`);
  process.stdout.write(`${opened} HTML messages of ${Math.min(mails.length, (at + 1) * MOST_IN_FOLDER)} opened\n`);
}
const found = [...sniffer.strangers(), ...sniffer.deeds, ...reader.wanderings];
await reader.stop();
await sniffer.stop();
for (const line of found) process.stdout.write(`${line}\n`);
process.stdout.write(found.length === 0 ? "None called, ran, opened or led anywhere.\n" : `${found.length} findings.\n`);
process.exit(found.length === 0 ? 0 : 1);
