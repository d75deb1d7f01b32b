import { Failure } from "../../shared/failure.ts";
import { asImapFailure } from "../imap/outcomes.ts";
import type { Session } from "../imap/session.ts";

type Watching = {
  readonly onChange: () => void;
  /** For how long the line may be silent before it is looked at, asked before each IDLE; null: as any other line. */
  readonly silenceMs: () => number | null;
};

/**
 * Stays on the inbox with IDLE (RFC 2177) until the line breaks, and tells when anything happens in it.
 *
 * Uses the library's own SELECT and IDLE, which know how to break an IDLE before the server loses patience.
 */
export async function watchInbox(session: Session, { onChange, silenceMs }: Watching): Promise<void> {
  const { client } = session;
  const broken = new Promise<never>((_resolve, reject) => session.onClosed(reject));
  broken.catch(() => {});
  client.on("exists", onChange);
  client.on("expunge", onChange);
  client.on("flags", onChange);
  try {
    await client.mailboxOpen("INBOX", { readOnly: true });
    // What came between the last look and now was announced to nobody.
    onChange();
    while (!session.closed) {
      session.began();
      const ms = silenceMs();
      if (ms !== null) session.restFor(ms);
      const ended = await Promise.race([client.idle(), broken]);
      if (ended === false) throw new Failure("line-closed", { params: { host: client.host, port: client.port } });
    }
    await broken;
  } catch (error) {
    throw asImapFailure(error, { host: client.host, port: client.port });
  }
}
