import { Check, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OutboxItem } from "../../../shared/contract/outbox.ts";
import { formatClock, formatSeconds, formatSize } from "../../i18n/format.ts";
import { gapAfter, sentences } from "../../i18n/sentences.ts";
import { resolveUnknown } from "../../state/outbox.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { More } from "./more-menu.tsx";
import { untilText } from "./words.ts";

type Props = { item: OutboxItem; now: number; offline: boolean; details: { open: boolean; toggle(): void } };

/** The line died after the last byte, or what came after was lost with the store: what is known, and a decision that only the user can take. */
export function UnknownCard({ item, now, offline, details }: Props): ReactNode {
  const { t } = useTranslation("outbox");
  const [asking, setAsking] = useState(false);
  const subject = item.subject === "" ? t("noSubject") : item.subject;
  const restored = item.failure?.code === "from-spare-copy";
  const people = [...item.to, ...item.cc, ...item.bcc].map((person) => person.name || person.address).join(t("mail:comma"));
  const head = t(restored ? "unknown.headRestored" : "unknown.head");
  return (
    <div className="outbox-body">
      <p>
        <b>{head}</b>
        {gapAfter(head)}
        {t("unknown.text")}
      </p>
      {item.unknown !== null && <Known item={item} unknown={item.unknown} restored={restored} now={now} offline={offline} />}
      <div className="outbox-buttons">
        <Button onPress={() => resolveUnknown(item.id, "arrived")}>{t("do.arrived")}</Button>
        <Button onPress={() => setAsking(true)}>{t("do.sendAgain")}</Button>
        <Button look="plain" onPress={() => resolveUnknown(item.id, "keep-looking")}>
          {t("do.keepLooking")}
        </Button>
        <span className="grow" />
        <Button look="link" aria-expanded={details.open} onPress={details.toggle}>
          {t(details.open ? "do.less" : "do.details")}
        </Button>
        <More item={item} subject={subject} details={details} />
      </div>
      {asking && (
        <Confirm
          title={t("confirm.title", { subject })}
          text={t("confirm.text", { people })}
          keep={t("confirm.back")}
          deed={t("confirm.go")}
          onClose={() => setAsking(false)}
          onDeed={() => resolveUnknown(item.id, "send-again")}
        />
      )}
    </div>
  );
}

function Known({
  item,
  unknown,
  restored,
  now,
  offline,
}: {
  item: OutboxItem;
  unknown: NonNullable<OutboxItem["unknown"]>;
  restored: boolean;
  now: number;
  offline: boolean;
}): ReactNode {
  const { t } = useTranslation("outbox");
  const looked = unknown.looks === 0 ? t("unknown.lookedNone") : t("unknown.looked", { count: unknown.looks });
  const until = formatClock(unknown.lookUntil);
  const next = (): string => {
    if (unknown.nextLookAt === null && unknown.lookUntil < now) return t("unknown.lookEnded", { until });
    if (offline || unknown.nextLookAt === null) return t("unknown.nextLookOffline");
    return t("unknown.nextLook", { when: untilText(unknown.nextLookAt, now, t), until });
  };
  return (
    <ul className="outbox-facts">
      {!restored && (
        <li>
          <Icon of={Check} />
          <span>{t("unknown.handedOver", { size: formatSize(item.sizeBytes), time: formatSeconds(unknown.handedOverAt) })}</span>
        </li>
      )}
      <li>
        <Icon of={Search} />
        <span>{sentences(looked, next())}</span>
      </li>
    </ul>
  );
}
