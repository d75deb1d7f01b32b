import { startAccounts } from "./accounts.ts";
import { startDrafts } from "./drafts.ts";
import { startFolders } from "./folders.ts";
import { startHealth } from "./health.ts";
import { startList } from "./list.ts";
import { startLock } from "./lock.ts";
import { startNotices } from "./notices.ts";
import { startFollowing } from "./open.ts";
import { startPolicy } from "./policy.ts";
import { startReader } from "./reader.ts";
import { startSearch } from "./search.ts";
import { startSession } from "./session.ts";
import { startSettings } from "./settings.ts";
import { startShell } from "./shell.ts";
import { startNoticingSomebody } from "./somebody.ts";
import { startTelling } from "./telling.ts";
import { startTrips } from "./trip.ts";
import { startUnreadTitle } from "./unread-title.ts";

/** Begins reading whatever every page needs. Called once, before the first paint. */
export function startState(): void {
  startSession();
  startLock();
  startSettings();
  startPolicy();
  startAccounts();
  startFolders();
  startHealth();
  startList();
  startReader();
  startSearch();
  startDrafts();
  startNotices();
  startShell();
  startFollowing();
  startTrips();
  startTelling();
  startUnreadTitle();
  startNoticingSomebody();
}
