import type { Credential, ServerSettings } from "../../shared/contract/accounts.ts";
import type { Log } from "../log.ts";
import { listFolders } from "./list-folders.ts";
import { openSession } from "./session.ts";

/** Signs in, counts the folders and leaves: the test of the account wizard. Rejects with the Failure that says what is wrong. */
export async function signIn(
  server: ServerSettings,
  credential: Credential,
  log: Log,
  more: { version: string; ca?: string | undefined },
): Promise<{ greeting: string; folders: number }> {
  const session = await openSession({ server, credential: () => Promise.resolve(credential), log, ...more });
  try {
    const { folders } = await listFolders(session);
    return { greeting: session.client.greeting ?? "", folders: folders.length };
  } finally {
    await session.end();
  }
}
