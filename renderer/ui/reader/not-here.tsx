import type { TFunction } from "i18next";
import { CircleDashed, FileWarning, RefreshCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MessageBody, MessageHead } from "../../../shared/contract/mail.ts";
import type { FailureData } from "../../../shared/failure.ts";
import { formatFullTime, formatSize } from "../../i18n/format.ts";
import { healthOf } from "../../state/health.ts";
import { download } from "../../state/reader.ts";
import { Button } from "../parts/button.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Icon } from "../parts/icon.tsx";
import { SourceDialog } from "./source-dialog.tsx";
import { WhyNotKept } from "./why.tsx";

type Missing = Extract<MessageBody["state"], { kind: "missing" }>;

/** The message's bytes are still on the server: why, and what can be done. */
export function NotHere({ message, state }: { message: MessageHead; state: Missing }): ReactNode {
  const { offline, trouble } = state;
  const { t } = useTranslation("mail");
  const failure = healthOf(message.accountId)?.failure ?? null;
  return (
    <div className="not-here">
      <Icon of={CircleDashed} size={40} />
      <h2>{t("notHere.title")}</h2>
      <p>{whyNotHere(t, message, state)}</p>
      <WhyNotKept placementId={message.placementId} />
      {trouble?.kind !== "too-large" && (
        <Button onPress={() => download(message.placementId)}>
          <Icon of={RefreshCw} />
          {t("notHere.tryNow")}
        </Button>
      )}
      {offline && failure !== null && <FailureNote failure={failure} accountId={message.accountId} />}
    </div>
  );
}

function whyNotHere(t: TFunction<"mail">, { sizeBytes }: MessageHead, { offline, trouble }: Missing): string {
  const size = formatSize(sizeBytes);
  if (trouble?.kind === "too-large") return t("notHere.tooLarge", { size, limit: formatSize(trouble.limitBytes) });
  if (trouble?.kind === "breaks-line") return t("notHere.breaksLine", { size, time: formatFullTime(trouble.retryAt) });
  if (trouble?.kind === "limit")
    return t(offline ? "notHere.limit" : "notHere.limitComing", { size, limit: formatSize(trouble.limitBytes) });
  return t(offline ? "notHere.offline" : "notHere.coming", { size });
}

/** Its file is here and tells nothing. */
export function Unreadable({ failure, message }: { failure: FailureData; message: MessageHead }): ReactNode {
  const { t } = useTranslation("mail");
  const [source, setSource] = useState(false);
  return (
    <div className="not-here">
      <Icon of={FileWarning} size={40} />
      <h2>{t("unreadable.title")}</h2>
      <FailureNote failure={failure} accountId={message.accountId} />
      <Button onPress={() => setSource(true)}>{t("do.source")}</Button>
      {source && <SourceDialog placementId={message.placementId} onClose={() => setSource(false)} />}
    </div>
  );
}
