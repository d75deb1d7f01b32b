import { randomBytes } from "node:crypto";
import type { SignIns } from "../accounts/connection-test.ts";
import { listFolders } from "../imap/list-folders.ts";
import { openFolder } from "../imap/select-folder.ts";
import { openSession as openImap } from "../imap/session.ts";
import { tryAppend } from "../imap/try-append.ts";
import { openSession as openPop3 } from "../pop3/session.ts";
import { openSession as openSmtp } from "../smtp/session.ts";

const TEST_MS = 15_000;

/** The product's own adapters, as the connection test uses them: sign in, look around, sign out. */
export function signIns(version: string): SignIns {
  return {
    async imap(server, credential, log, via, look) {
      const options = { server, credential: () => Promise.resolve(credential), log, version, connectMs: TEST_MS, silenceMs: TEST_MS, via };
      const session = await staged(look.stage, "login", () => openImap(options));
      try {
        const listing = await staged(
          look.stage,
          "folders",
          () => listFolders(session),
          ({ folders }) => String(folders.length),
        );
        await staged(
          look.stage,
          "select",
          () => openFolder(session, "INBOX", "read"),
          ({ messages }) => String(messages),
        );
        if (!look.full) return;
        const separator = listing.folders[0]?.delimiter ?? "";
        await look.stage("append", async () => {
          const at = await tryAppend(session, { prefix: listing.prefix, separator }, randomBytes(4).toString("hex"));
          if (at !== null) look.hint(at);
          return "";
        });
      } finally {
        await session.end();
      }
    },
    async pop3(server, credential, log, via, look) {
      const deadlines = { connect: TEST_MS, answer: TEST_MS, silence: TEST_MS };
      const session = await staged(look.stage, "login", () =>
        openPop3({ server, credential: () => Promise.resolve(credential), log, deadlines, via }),
      );
      try {
        await staged(
          look.stage,
          "mailbox",
          () => session.stat(),
          ({ count }) => String(count),
        );
      } finally {
        await session.end();
      }
    },
    async smtp(server, credential, log, via, look) {
      const deadlines = { connect: TEST_MS, greeting: TEST_MS, command: TEST_MS };
      const session = await staged(look.stage, "login", () =>
        openSmtp({ server, credential, onStage: (stage) => log.debug("smtp", { stage }), deadlines, via }),
      );
      const { address } = look;
      let taken = false;
      try {
        await look.stage("sender", async () => {
          if (address !== null) await session.ask("sender", address);
          taken = address !== null;
          const { sizeLimit } = session.capabilities;
          return sizeLimit === null ? "" : String(sizeLimit);
        });
        if (address === null || !taken) return;
        await look.stage("recipient", async () => {
          await session.ask("recipient", address);
          return address;
        });
        await session.ask("reset", address);
      } finally {
        session.close();
      }
    },
  };
}

type Staged = Parameters<SignIns["imap"]>[4]["stage"];

/** Runs a stage for what it gives. @param detail the fact that is shown of it */
async function staged<T>(
  stage: Staged,
  name: Parameters<Staged>[0],
  work: () => Promise<T>,
  detail: (found: T) => string = () => "",
): Promise<T> {
  const found: T[] = [];
  await stage(name, async () => {
    const one = await work();
    found.push(one);
    return detail(one);
  });
  const [only] = found;
  // A stage of these ends with what it found, or throws.
  if (only === undefined) throw new Error(`${name} found nothing`);
  return only;
}
