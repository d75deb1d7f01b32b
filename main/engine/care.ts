import type { Notices } from "../api/notices.ts";
import { event } from "../api/serve.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/open.ts";
import { Verification } from "../store/verification.ts";
import type { ParsePool } from "../sync/parse-pool.ts";
import { Strays } from "../sync/strays.ts";
import type { Timers } from "../sync/timers.ts";
import { languageOf, recoveredNames } from "./language.ts";

type Around = {
  readonly store: Store;
  readonly profileDir: string;
  readonly pool: ParsePool;
  readonly log: Log;
  readonly clock: () => number;
  readonly timers: Timers;
  readonly likelyCharsets: readonly string[];
  readonly systemLanguage: string;
  readonly notices: Notices;
  /** Something that counted as here is to be fetched or indexed again. */
  onMended(): void;
};

/** What looks after the mail that is kept: the check of all of it on request, and files that lost their rows. */
export function careOf(around: Around): { readonly verification: Verification; readonly strays: Strays } {
  const { store, notices } = around;
  const verification = new Verification({
    store,
    profileDir: around.profileDir,
    onChange: () => store.changes.tell(event("care.changed", { revision: around.clock() })),
    onMended: around.onMended,
  });
  const strays = new Strays({
    store,
    pool: around.pool,
    log: around.log,
    timers: around.timers,
    likelyCharsets: around.likelyCharsets,
    folderNames: () => recoveredNames(languageOf(store, around.systemLanguage)),
    onRecovered: (count, folder) => notices.add("mail-recovered", { count, folder }),
  });
  return { verification, strays };
}
