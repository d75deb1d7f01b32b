import { readFileSync } from "node:fs";
import { corporaDir, mailFiles } from "../mime/support/corpora.ts";
import { MOST_IN_FOLDER, Reader } from "../sniff/reader.ts";
import { Sniffer } from "../sniff/sniffer.ts";

// Every public message is opened before the ears; none may call, run, open or lead anywhere. `npm run soak -- sniff`
const mails = mailFiles(corporaDir())
  .map((file) => ({ subject: file, raw: readFileSync(file) }))
  .filter(({ raw }) => raw.length > 0);
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
