import { ArchiveRestore, CircleDashed, LifeBuoy, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { NetItem } from "../../../shared/contract/story.ts";
import { formatDate, formatMessageTime } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { useReader } from "../../state/reader.ts";
import { askToForget, putBack } from "../../state/safety.ts";
import { useNow } from "../list/use-now.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { MessageCard } from "../reader/message-card.tsx";
import { Story, useNameOfPlace } from "../story/story.tsx";
import "../reader/reader.css";

/** One message of the safety net: when it vanished, what can be done, the message itself, and its story. */
export function Vanished({ item }: { item: NetItem }): ReactNode {
  const { t } = useTranslation("story");
  const now = useNow();
  const named = useNameOfPlace();
  const [target, setTarget] = useState<string | null>(null);
  const body = useReader((state) => state.bodies.get(item.placementId));
  const subject = item.subject === "" ? t("net.noSubject") : item.subject;
  return (
    <>
      <h2 className="safety-subject" lang={langOf(subject)}>
        {subject}
      </h2>
      <Banner
        tone="quiet"
        icon={LifeBuoy}
        head={t("net.vanished", { folder: named(item.folder), time: formatMessageTime(item.vanishedAt, now) })}
        actions={
          !item.returning && (
            <>
              {item.here && (
                <Button look="primary" onPress={() => putBack(item)}>
                  <Icon of={ArchiveRestore} />
                  {t("net.do.putBack")}
                </Button>
              )}
              <Button look="plain" onPress={() => askToForget(item)}>
                <Icon of={Trash2} />
                {t("net.do.forget")}
              </Button>
            </>
          )
        }
      >
        {t(item.returning ? "net.returning" : "net.until", { date: formatDate(item.keptUntil) })}
      </Banner>
      {!item.here && (
        <p className="safety-header-only muted">
          <Icon of={CircleDashed} />
          {t("net.notHere")}
        </p>
      )}
      {item.here && body !== undefined && (
        <div className="stack">
          <MessageCard message={body.head} body={body} now={now} position={1} size={1} tools={false} onTarget={setTarget} />
        </div>
      )}
      <Story placementId={item.placementId} />
      {target !== null && <div className="link-target cut">{target}</div>}
    </>
  );
}
