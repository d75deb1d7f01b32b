import type { SignIns } from "../accounts/connection-test.ts";
import { listFolders } from "../imap/list-folders.ts";
import { openSession as openImap } from "../imap/session.ts";
import { openSession as openPop3 } from "../pop3/session.ts";
import { openSession as openSmtp } from "../smtp/session.ts";

const TEST_MS = 15_000;

/** The product's own adapters, as the connection test uses them: sign in, look once, sign out. */
export function signIns(version: string): SignIns {
  return {
    async incoming(server, credential, log, via) {
      const session = await openImap({
        server,
        credential: () => Promise.resolve(credential),
        log,
        version,
        connectMs: TEST_MS,
        silenceMs: TEST_MS,
        via,
      });
      try {
        const { folders } = await listFolders(session);
        return { greeting: server.host, folders: folders.length };
      } finally {
        await session.end();
      }
    },
    async pop3(server, credential, log, via) {
      const session = await openPop3({
        server,
        credential: () => Promise.resolve(credential),
        log,
        deadlines: { connect: TEST_MS, answer: TEST_MS, silence: TEST_MS },
        via,
      });
      try {
        const { count } = await session.stat();
        return { greeting: server.host, messages: count };
      } finally {
        await session.end();
      }
    },
    async outgoing(server, credential, log, via) {
      const session = await openSmtp({
        server,
        credential,
        onStage: (stage) => log.debug("smtp", { stage }),
        deadlines: { connect: TEST_MS, greeting: TEST_MS, command: TEST_MS },
        via,
      });
      session.close();
      return { greeting: server.host, sizeLimit: session.capabilities.sizeLimit };
    },
  };
}
