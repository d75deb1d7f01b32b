import { Failure } from "../../shared/failure.ts";
import { isProgram } from "../plan/dangerous-files.ts";
import { actInSlices } from "../store/acts.ts";
import { retryBodies } from "../store/body-troubles.ts";
import { askForDownload } from "../store/downloads.ts";
import { rememberOriginal } from "../store/original-colours.ts";
import { allowPictures } from "../store/pictures.ts";
import { readPlacement } from "../store/placements.ts";
import { undoInSlices } from "../store/undo.ts";
import { conversation, messageHead, page } from "../store/views.ts";
import type { Parts } from "./parts.ts";
import { readAs } from "./read-as.ts";
import { partUrl, readBody, readInside, readPart, readSource, sourceUrl, wantingAll } from "./reading.ts";
import type { Handlers } from "./serve.ts";

type Names = Exclude<Extract<keyof Handlers, `mail.${string}`>, "mail.why">;

export function mailHandlers(parts: Parts): Pick<Handlers, Names> {
  const { store, accounts, host, pool, log } = parts;
  return {
    "mail.page": (input) => page(store, input),
    "mail.conversation": (input) => conversation(store, input),
    "mail.read": ({ placementId, ahead }) => readBody(parts, placementId, ahead ? "ahead" : "shown"),
    // Half a second of a processor and a hundred megabytes, mostly for what cleans HTML: not before somebody wants it.
    "mail.willRead": async () => {
      await pool.warm().catch((error: unknown) => log.debug("reader-not-warmed", { error: String(error) }));
      return {};
    },
    "mail.readInside": ({ placementId, part }) => readInside(parts, placementId, part),
    "mail.readAs": async ({ placementId, charset }) => {
      await readAs(parts, placementId, charset);
      return {};
    },
    "mail.source": ({ placementId }) => readSource(parts, placementId),
    "mail.export": async ({ placementId }) => ({ url: await sourceUrl(parts, placementId) }),
    "mail.act": async ({ targets, change }, { log }) => {
      const done = await actInSlices(store, targets, change);
      // With the answer of the server comes the group, also after a restart: so one click is followed to its end.
      log.info("mail.acted", { group: done.group, change: change.kind, count: done.count });
      accounts.operationsAsked();
      return done;
    },
    "mail.undo": async ({ group }) => {
      const undone = await undoInSlices(store, group);
      accounts.operationsAsked();
      return { undone };
    },
    "mail.download": ({ placementIds }) => {
      retryBodies(store, placementIds);
      askForDownload(store, placementIds);
      accounts.downloadsAsked();
      // What is read of it says from now on that the rest is on its way.
      store.changes.messagesUpdated(placementIds.flatMap((id) => readPlacement(store.db, id)?.messageId ?? []));
      return {};
    },
    "mail.showPictures": ({ placementId, scope }) => {
      if (scope === "once") parts.pictures.allowOnce(placementId);
      else allowPictures(store, placementId, scope);
      return {};
    },
    "mail.showOriginal": ({ placementId, on }) => {
      rememberOriginal(store, messageHead(store, placementId).from[0]?.address ?? "", on);
      return {};
    },
    "mail.partUrl": ({ placementId, part, download }) => ({ url: partUrl(parts, placementId, part, download) }),
    "mail.saveParts": async ({ placementId, parts: numbers }) => {
      if (host.saveFiles === null) return { kind: "download", urls: numbers.map((part) => partUrl(parts, placementId, part, true)) };
      const files = await wantingAll(parts, placementId, () => Promise.all(numbers.map((part) => readPart(parts, placementId, part))));
      const count = await host.saveFiles(files);
      return count === null ? { kind: "cancelled" } : { kind: "saved", count };
    },
    "mail.openPart": async ({ placementId, part }) => {
      if (host.openFile === null) return { url: partUrl(parts, placementId, part, true) };
      const file = await wantingAll(parts, placementId, () => readPart(parts, placementId, part));
      if (isProgram(file.name)) throw new Failure("not-supported", { params: { name: file.name } });
      await host.openFile(file);
      return { url: null };
    },
  };
}
