import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { OutboxItem } from "../../../shared/contract/outbox.ts";
import { stageProgress } from "../../state/outbox-groups.ts";
import { Icon } from "../parts/icon.tsx";
import { Stitch } from "../parts/stitch.tsx";

/** How far the dialogue with the server has come. */
export function StageLine({ item }: { item: OutboxItem }): ReactNode {
  const { t } = useTranslation("outbox");
  const { done, now } = stageProgress(item);
  const having = (state: OutboxItem["recipients"][number]["state"]): number =>
    item.recipients.filter((recipient) => recipient.state === state).length;
  // Whoever the server turns away is told at once; the others are waiting until it has answered for the message.
  const named = having("waiting") || having("accepted");
  const uploaded = item.state === "finishing" ? 1 : item.sizeBytes === 0 ? 0 : item.sentBytes / item.sizeBytes;
  const name = (stage: typeof now): string =>
    t(stage === now && stage === "recipients" ? "stage.naming" : `stage.${stage}`, { count: named });
  return (
    <div className="outbox-steps">
      {done
        .filter((stage) => stage !== "uploading")
        .map((stage) => (
          <span key={stage} className="done">
            <Icon of={Check} size={14} />
            {name(stage)}
          </span>
        ))}
      {now !== "answered" && <b>{name(now)}</b>}
      <span className="grow">
        <Stitch part={uploaded} label={t("progressBar", { subject: item.subject || t("noSubject") })} />
      </span>
      <span>{t("stage.answered")}</span>
    </div>
  );
}
