// Takes mail in and acts on it until it is killed; each act is told of on stdout once it is kept.
import { writeSync } from "node:fs";
import { act } from "../../main/store/acts.ts";
import { ingestBodies } from "../../main/store/ingest-bodies.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { openStore } from "../../main/store/open.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { bodyOf, header, newMailbox } from "./mailbox.ts";

const store = openStore({ profileDir: process.argv[2] ?? "" });
const { folders } = newMailbox(store);
const known: PlacementId[] = [];
for (let uid = 1; ; uid += 20) {
  const rows = Array.from({ length: 20 }, (_, index) =>
    header({ uid: uid + index, inReplyTo: `m${Math.max(1, uid - index)}@example.test` }),
  );
  const made = ingestHeaders(store, folders.inbox, 1, rows);
  known.push(...made.map(({ placementId }) => placementId));
  ingestBodies(
    store,
    made.flatMap(({ placementId }, index) => {
      const row = rows[index];
      return row === undefined ? [] : [{ placementId, body: bodyOf(row) }];
    }),
  );
  const ids = known.slice(-5);
  const { group } = act(
    store,
    { kind: "placements", ids },
    uid % 2 === 1 ? { kind: "archive" } : { kind: "flag", flag: "flagged", on: true },
  );
  writeSync(1, `${group}\n`);
}
