import { client } from "../client/engine.ts";
import { useFolders } from "./folders.ts";
import { useLock } from "./lock.ts";
import { useSession } from "./session.ts";

const NAME = "Satchel";

/** Keeps the number of unread messages of all inboxes in the window's title and at the program's picture; none while it is locked. */
export function startUnreadTitle(): void {
  let badge: number | null = null;
  const show = (): void => {
    const unread = useLock.getState().locked ? 0 : unreadInInboxes();
    document.title = unread === 0 ? NAME : `(${unread}) ${NAME}`;
    if (useSession.getState().hello?.host !== "electron" || badge === unread) return;
    badge = unread;
    // A picture without a number is no harm.
    void client.request("tell.badge", { count: unread }).catch(() => undefined);
  };
  for (const state of [useFolders, useLock, useSession]) state.subscribe(show);
  show();
}

function unreadInInboxes(): number {
  const { folders } = useFolders.getState();
  return folders.reduce((sum, { role, unread }) => (role === "inbox" ? sum + unread : sum), 0);
}
