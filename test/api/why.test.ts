import iconv from "iconv-lite";
import { expect, onTestFinished, test } from "vitest";
import type { Parts } from "../../main/api/parts.ts";
import { whyHandlers } from "../../main/api/why.ts";
import { writePolicy } from "../../main/store/offline.ts";
import type { MessageWhy } from "../../shared/contract/why.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { parseHere } from "../support/parse-here.ts";
import { type TestAccount, testAccount } from "../support/running-account.ts";

const ME = "user1@example.test";
const WINDOW = { window: 1 } as never;
const CHINESE = "您好，附件是本季度的报价单和合同，请查收。如果有问题请随时联系我们，谢谢您的支持与合作，我们会尽快回复您的邮件。";

type Letter = { id: string; subject: string; more?: string; body?: Buffer };

function raw({ id, subject, more = "", body = Buffer.from("A few words.") }: Letter): Buffer {
  const head = `Message-ID: <${id}@example.test>\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\nFrom: Ann <ann@example.test>\r\nTo: ${ME}\r\nSubject: ${subject}\r\n${more}\r\n`;
  return Buffer.concat([Buffer.from(head), body, Buffer.from("\r\n")]);
}

/** An account into which these letters have come, and why each is as it is. */
async function arrived(letters: readonly Letter[], prepare: (account: TestAccount) => void = () => undefined) {
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
  for (const letter of letters) server.folder(ME, "INBOX").deliver(raw(letter));
  const account = testAccount(server.port, { startPool: parseHere });
  onTestFinished(async () => {
    await account.close();
    await server.stop();
  });
  prepare(account);
  account.start();
  await account.complete();
  const parts = { store: account.store, pool: account.pool, likelyCharsets: () => [] } as unknown as Parts;
  const handlers = whyHandlers(parts);
  const placements = account.store.db.connection
    .prepare<[], { id: PlacementId; header: string }>(
      "SELECT placement.id AS id, message_id_header AS header FROM placement JOIN message ON message.id = message_id",
    )
    .all();
  return async (id: string): Promise<MessageWhy> => {
    const placementId = placements.find(({ header }) => header === `${id}@example.test`)?.id ?? expect.fail(id);
    return await handlers["mail.why"]({ placementId }, WINDOW);
  };
}

test("a charset that a message does not name is told with by what it was taken, one that it names is not", async () => {
  const why = await arrived([
    { id: "silent", subject: "Offer", body: iconv.encode(CHINESE, "gb18030") },
    { id: "named", subject: "Offer 2", more: "Content-Type: text/plain; charset=gb18030\r\n", body: iconv.encode(CHINESE, "gb18030") },
    { id: "plain", subject: "Offer 3" },
  ]);
  expect(await why("silent")).toEqual({ charset: { charset: "gb18030", by: "certain" }, conversation: null, notKept: null });
  expect(await why("named")).toEqual({ charset: null, conversation: null, notKept: null });
  expect(await why("plain")).toEqual({ charset: null, conversation: null, notKept: null });
});

test("an answer that says nothing of what it answers lies in its conversation by its subject; one that does say it needs no reason", async () => {
  const why = await arrived([
    { id: "first", subject: "Berth 14" },
    { id: "bare", subject: "Re: Berth 14" },
    { id: "tied", subject: "Re: Berth 14", more: "In-Reply-To: <first@example.test>\r\n" },
    { id: "alone", subject: "Re: Something else" },
  ]);
  expect((await why("bare")).conversation).toBe("subject");
  for (const id of ["first", "tied", "alone"]) expect((await why(id)).conversation).toBeNull();
});

test("a message of which only the header is kept says that it is so as the user has set it", async () => {
  const why = await arrived([{ id: "far", subject: "Berth 14" }], ({ store, id }) =>
    writePolicy(store, id, null, { keep: { kind: "headers" }, largestMb: null }),
  );
  expect(await why("far")).toEqual({ charset: null, conversation: null, notKept: { by: "headers-only", since: null, largestBytes: null } });
});
