import type { TFunction } from "i18next";
import { CircleDashed } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MessageBody, MessageHead } from "../../../shared/contract/mail.ts";
import { formatFullTime, formatSize } from "../../i18n/format.ts";
import { download } from "../../state/reader.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";

type Outline = Extract<MessageBody["state"], { kind: "outline" }>;

/** The words of a large message are here, and the rest is not: how much that is, and what can be done. */
export function OutlineNote({ message, body }: { message: MessageHead; body: MessageBody }): ReactNode {
  const { t } = useTranslation("mail");
  const { state } = body;
  if (state.kind !== "outline") return null;
  const left = body.parts.filter(({ here }) => !here).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const mayCome = state.trouble?.kind !== "too-large" && !state.asked;
  return (
    <div className="body-notes">
      <Banner
        tone="quiet"
        slim
        icon={CircleDashed}
        head={t("outline.head", { size: formatSize(left > 0 ? left : message.sizeBytes) })}
        actions={
          mayCome && (
            <Button size="small" onPress={() => download(message.placementId)}>
              {t("outline.fetch")}
            </Button>
          )
        }
      >
        <span className="muted">{outlineWords(t, message, state)}</span>
      </Banner>
    </div>
  );
}

function outlineWords(t: TFunction<"mail">, { sizeBytes }: MessageHead, { offline, trouble, asked }: Outline): string {
  const size = formatSize(sizeBytes);
  if (trouble?.kind === "too-large") return t("outline.tooLarge", { size, limit: formatSize(trouble.limitBytes) });
  if (trouble?.kind === "breaks-line") return t("notHere.breaksLine", { size, time: formatFullTime(trouble.retryAt) });
  if (asked) return t(offline ? "outline.waits" : "outline.coming");
  return t(offline ? "outline.offline" : "outline.onDemand");
}
