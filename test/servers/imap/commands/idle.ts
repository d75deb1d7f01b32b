import { SyntaxRefusal } from "../arguments.ts";
import type { Session } from "../session.ts";
import type { CommandSpec } from "./table.ts";

export const idleCommands: Record<string, CommandSpec> = {
  IDLE: { state: "user", news: "all", needs: "IDLE", run: idle },
};

/** RFC 2177: news go out as they happen, until the client says DONE. */
async function idle(session: Session): Promise<undefined> {
  session.untagged("+ idling");
  const tell = (): void => session.tellNews(true);
  const changes = session.view?.mailbox.changes;
  changes?.on("changed", tell);
  tell();
  const line = await session.reader.line();
  changes?.off("changed", tell);
  if (line !== null && line.toUpperCase() !== "DONE") throw new SyntaxRefusal("expected DONE");
  return undefined;
}
