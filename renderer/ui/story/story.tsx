import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PlaceName, StoryEvent } from "../../../shared/contract/story.ts";
import type { ReportedAction } from "../../../shared/delivery.ts";
import type { PlacementId } from "../../../shared/ids.ts";
import { client } from "../../client/engine.ts";
import { formatMessageTime } from "../../i18n/format.ts";
import { useFolders } from "../../state/folders.ts";
import { useWhat } from "../journal/words.ts";
import { useNow } from "../list/use-now.ts";
import { SkeletonBar, useLate } from "../parts/skeleton.tsx";
import { useFolderName } from "../shell/folder-name.ts";
import "./story.css";

/** What happened to a message, oldest first: read when it is shown, and again when the journal changes. */
export function Story({ placementId }: { placementId: PlacementId }): ReactNode {
  const { t } = useTranslation("story");
  const [events, setEvents] = useState<readonly StoryEvent[] | "failed" | null>(null);
  const late = useLate(events === null);
  const now = useNow();
  useEffect(() => {
    let shown = true;
    const read = (): void => {
      client.request("story.read", { placementId }).then(
        (story) => shown && setEvents(story.events),
        () => shown && setEvents((known) => known ?? "failed"),
      );
    };
    const stops = [client.onConnect(read), client.on("journal.changed", read)];
    return () => {
      shown = false;
      for (const stop of stops) stop();
    };
  }, [placementId]);
  return (
    <section className="story" aria-label={t("title")}>
      <h3 className="section-title">{t("title")}</h3>
      {events === null && (
        <div role="status" aria-label={t("loading")}>
          {late && <SkeletonBar width={180} height={12} />}
        </div>
      )}
      {events === "failed" && <p className="muted">{t("failed")}</p>}
      {events !== null && events !== "failed" && (
        <ol className="course">
          {events.map((event, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a story only grows at its end
            <Step key={at} event={event} now={now} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Step({ event, now }: { event: StoryEvent; now: number }): ReactNode {
  const { t } = useTranslation("story");
  const words = useWords();
  const { text, who, tone } = words(event);
  return (
    <li className={tone}>
      <span className="grow">
        {text}
        {who !== null && <span className="faint">{` · ${t(who)}`}</span>}
      </span>
      <span className="journal-time">{formatMessageTime(event.at, now)}</span>
    </li>
  );
}

const TONES: Partial<Record<ReportedAction, Said["tone"]>> = { failed: "bad", delayed: "ahead", relayed: "", processed: "", deleted: "" };

type Said = { text: string; who: string | null; tone: "" | "ok" | "bad" | "ahead" };

function useWords(): (event: StoryEvent) => Said {
  const { t } = useTranslation("story");
  const what = useWhat();
  const named = useNameOfPlace();
  const told = ({ change, because }: Extract<StoryEvent, { kind: "did" }>): string => {
    if (because === null) return what(change);
    return t("senders:story", { what: what(change), because: t(`senders:because.${because.scope}`, { value: because.value }) });
  };
  const other = (text: string): Said => ({ text, who: "who.other", tone: "" });
  return (event) => {
    switch (event.kind) {
      case "arrived":
        return { text: t("arrived"), who: null, tone: "" };
      case "did":
        return did(event, told(event));
      case "flag":
        return other(t(`journal:flag.${event.flag}.${event.on ? "on" : "off"}`));
      case "label":
        return other(t(event.on ? "label.on" : "label.off", { folder: named(event.folder) }));
      case "moved":
        return other(t("moved", { from: named(event.from), to: named(event.to) }));
      case "left":
        return other(t("left", { folder: named(event.folder) }));
      case "returned":
        return { text: t("returned", { folder: named(event.folder) }), who: "who.server", tone: "" };
      case "gone":
        return {
          text: t(event.marked ? "gone.marked" : "gone.unmarked", { folder: named(event.folder) }),
          who: event.marked ? "who.other" : "who.server",
          tone: "bad",
        };
      case "accepted":
        return { text: t("accepted"), who: null, tone: "ok" };
      case "filed":
        return { text: t("filed"), who: null, tone: "ok" };
      case "reported":
        return { text: t(`delivery:story.${event.action}`, { who: event.address }), who: null, tone: TONES[event.action] ?? "ok" };
    }
  };
}

function did({ state }: Extract<StoryEvent, { kind: "did" }>, text: string): Said {
  if (state === "done") return { text, who: "who.here", tone: "" };
  const tone = state === "refused" ? "bad" : state === "undone" ? "" : "ahead";
  return { text, who: `state.${state}`, tone };
}

/** A folder by the name it has now, else by the one that it had. */
export function useNameOfPlace(): (place: PlaceName) => string {
  const { t } = useTranslation("journal");
  const nameOf = useFolderName();
  const folders = useFolders((state) => state.folders);
  return ({ id, name }) => {
    const folder = folders.find((one) => one.id === id);
    return folder === undefined ? name || t("goneFolder") : nameOf(folder).name;
  };
}
