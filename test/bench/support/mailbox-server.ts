import { startImapServer } from "../../servers/imap/server.ts";
import { sampleMail } from "../../support/sample-mail.ts";

export const BENCH_USER = { address: "user1@example.test", password: "secret-user1" };

/** What the process of a large mailbox is asked: so many more messages, or another program's flag on the first so many. */
export type Wish = { readonly kind: "deliver" | "flag"; readonly count: number };

// A server with its mail in memory, in a process of its own: what it costs is not the program's.
const server = await startImapServer({ users: [BENCH_USER] });
const inbox = server.folder(BENCH_USER.address, "INBOX");
let delivered = 0;
process.on("message", ({ kind, count }: Wish) => {
  for (let at = 0; at < count; at += 1) {
    if (kind === "flag") {
      inbox.setFlags(at + 1, delivered % 2 === 0 ? ["\\Flagged"] : []);
      continue;
    }
    delivered += 1;
    inbox.deliver(sampleMail(`m${delivered}`), { internalDate: new Date(1_500_000_000_000 + delivered * 60_000) });
  }
  process.send?.({ done: kind });
});
process.send?.({ port: server.port });
