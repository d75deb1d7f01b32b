import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { corpora } from "./corpora.ts";
import { startImapServer } from "./imap/server.ts";
import { mailServersAvailable } from "./install.ts";
import { PlainImap } from "./plain-imap.ts";
import { startMailServers } from "./real.ts";

const folder = corpora();
const why = folder === null ? "the collected test mail is not here" : mailServersAvailable();

test.skipIf(why !== null)(`envelopes and structures of real mail are what Dovecot says${why === null ? "" : ` (${why})`}`, async () => {
  const messages = ["mime", "bounces", "spam"].flatMap((set) => messagesBelow(join(folder ?? "", set)));
  const ours = await startImapServer({ users: [{ address: "user1@example.test", password: "secret-user1" }] });
  const dovecot = await startMailServers({ users: 1 });
  const clients = [await PlainImap.open(ours.port), await dovecot.connect("user1@example.test")] as const;
  await clients[0].expectOk("LOGIN user1@example.test secret-user1");
  for (const raw of messages) {
    ours.folder("user1@example.test", "INBOX").deliver(raw);
    await dovecot.deliver("user1@example.test", raw);
  }
  for (const item of ["ENVELOPE", "BODYSTRUCTURE"]) {
    const [mine, theirs] = [await fetchAll(clients[0], item), await fetchAll(clients[1], item)];
    expect(mine).toHaveLength(messages.length);
    const same = mine.filter((line, index) => line === theirs[index]).length;
    // The rest are headers so broken that each server guesses in its own way.
    expect(same / messages.length, item).toBeGreaterThan(0.93);
  }
  for (const client of clients) client.close();
  await Promise.all([ours.stop(), dovecot.stop()]);
});

function messagesBelow(at: string): Buffer[] {
  const files = readdirSync(at, { withFileTypes: true, recursive: true });
  return files
    .filter((file) => file.isFile() && /\.(eml|msg)$|^\d{4,}\.[0-9a-f]+$|\.txt$/.test(file.name))
    .map((file) => readFileSync(join(file.parentPath, file.name), "latin1").replace(/\r?\n/g, "\r\n").replaceAll("\0", "\u0080"))
    .filter((text) => text !== "")
    .map((text) => Buffer.from(text, "latin1"));
}

async function fetchAll(client: PlainImap, item: string): Promise<string[]> {
  await client.expectOk("EXAMINE INBOX");
  const answers = await client.expectOk(`FETCH 1:* (${item})`);
  return answers
    .filter(({ line }) => /^\* \d+ FETCH/.test(line))
    .map(({ line, literals }) => {
      let next = 0;
      // Whether a string travels quoted or as a literal is each server's own affair.
      const joined = line.replace(/~?\{\d+\}/g, () => `"${literals[next++]?.toString().replace(/["\\]/g, "\\$&")}"`);
      return Buffer.from(joined).toString("latin1").toLowerCase();
    });
}
