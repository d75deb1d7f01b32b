import type { ListRow } from "../../shared/contract/mail.ts";
import { client } from "../client/engine.ts";

const MOST = 4;

/** The newest few messages for what is typed in the palette. Returns how to stop waiting for them; a failed search shows nothing. */
export function findQuickly(words: string, show: (rows: readonly ListRow[]) => void): () => void {
  let wanted = true;
  if (words.trim() === "") {
    show([]);
  } else {
    client.request("search.run", { query: words, view: null, limit: MOST, cursor: null }).then(
      ({ hits }) => {
        if (wanted) show(hits.map((hit) => hit.row));
      },
      () => {
        if (wanted) show([]);
      },
    );
  }
  return () => {
    wanted = false;
  };
}
