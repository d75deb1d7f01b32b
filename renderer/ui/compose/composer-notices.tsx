import type { TFunction } from "i18next";
import { CircleAlert, Paperclip, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { failureText } from "../../i18n/failure-text.ts";
import { formatSize } from "../../i18n/format.ts";
import { settle } from "../../state/composer-saving.ts";
import { send } from "../../state/composer-sending.ts";
import { type OpenComposer, patchComposer } from "../../state/composers.ts";
import type { SendCheck } from "../../state/send-checks.ts";
import { encodedBytes, USUAL_LIMIT_BYTES } from "../../state/upload.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";

/** What the writer has to know before the message can go: at most two, the gravest first. */
export function ComposerNotices({ composer }: { composer: OpenComposer }): ReactNode {
  const found = [
    <SaveNotice key="save" composer={composer} />,
    composer.sendFailure !== null && <SendFailed key="send" composer={composer} />,
    composer.checks.some(({ kind }) => kind !== "bad-address") && <CheckNotice key="check" composer={composer} />,
    isTooLarge(composer) && <TooLarge key="large" composer={composer} />,
  ].filter((notice) => notice !== false && (notice.key !== "save" || hasSaveNotice(composer)));
  return found.length === 0 ? null : <div className="composer-notices">{found.slice(0, 2)}</div>;
}

function hasSaveNotice({ save }: OpenComposer): boolean {
  return save.kind === "failed" || save.kind === "conflict" || save.kind === "gone";
}

function SaveNotice({ composer: { key, save } }: { composer: OpenComposer }): ReactNode {
  const { t } = useTranslation("compose");
  if (save.kind === "failed") {
    return (
      <Banner tone="bad" slim icon={CircleAlert} head={t("saved.failed")}>
        {t("saved.failedMore", { why: failureText(save.failure) })}
      </Banner>
    );
  }
  if (save.kind === "gone") {
    return (
      <Banner
        tone="warn"
        slim
        icon={TriangleAlert}
        head={t("gone")}
        actions={
          <Button size="small" onPress={() => void settle(key, "copy")}>
            {t("keepAsNew")}
          </Button>
        }
      />
    );
  }
  if (save.kind !== "conflict") return null;
  return (
    <Banner
      tone="warn"
      icon={TriangleAlert}
      head={t("conflict.head")}
      actions={
        <>
          <Button size="small" onPress={() => void settle(key, "mine")}>
            {t("conflict.mine")}
          </Button>
          <Button size="small" onPress={() => void settle(key, "theirs")}>
            {t("conflict.theirs")}
          </Button>
          <Button size="small" look="plain" onPress={() => void settle(key, "copy")}>
            {t("conflict.copy")}
          </Button>
        </>
      }
    >
      {t("conflict.text")}
    </Banner>
  );
}

function SendFailed({ composer: { sendFailure } }: { composer: OpenComposer }): ReactNode {
  const { t } = useTranslation("compose");
  if (sendFailure === null) return null;
  return <Banner tone="bad" slim icon={CircleAlert} head={t("sendFailed", { why: failureText(sendFailure) })} />;
}

function CheckNotice({ composer: { key, checks, sendAt, holdAtServer } }: { composer: OpenComposer }): ReactNode {
  const { t } = useTranslation("compose");
  const [first, ...rest] = checks;
  if (first === undefined) return null;
  if (first.stops) {
    // An address that is none is told beside the people, with its mend.
    return first.kind === "bad-address" ? null : <Banner tone="warn" slim icon={TriangleAlert} head={t(`check.${first.kind}`)} />;
  }
  const forget = (): void => patchComposer(key, () => ({ checks: [] }));
  const go = (): void => {
    // One question at a time: the next one, if any, takes its place.
    if (rest.length > 0) patchComposer(key, () => ({ checks: rest }));
    else void send(key, { agreed: ["no-mail", "no-attachment", "no-subject"], sendAt, holdAtServer });
  };
  const head = askedHead(first, t);
  return (
    <Banner
      tone="warn"
      slim
      icon={first.kind === "no-attachment" ? Paperclip : TriangleAlert}
      head={head}
      actions={
        <>
          <Button size="small" autoFocus onPress={forget}>
            {t(`check.${first.kind}.back`)}
          </Button>
          <Button size="small" look="plain" onPress={go}>
            {t(`check.${first.kind}.go`)}
          </Button>
        </>
      }
    />
  );
}

function askedHead(check: Extract<SendCheck, { stops: false }>, t: TFunction<"compose">): string {
  if (check.kind === "no-attachment") return t("check.no-attachment.head", { word: check.word });
  if (check.kind === "no-subject") return t("check.no-subject.head");
  const { domain, suggestion } = check;
  return suggestion === null ? t("doubt.no-mail", { domain }) : t("check.no-mail.near", { domain, suggestion });
}

function totalEncoded({ attachments, uploads }: OpenComposer): number {
  const sizes = [...attachments.map((one) => one.sizeBytes), ...uploads.map((one) => one.file.size)];
  return sizes.reduce((sum, size) => sum + encodedBytes(size), 0);
}

function isTooLarge(composer: OpenComposer): boolean {
  return totalEncoded(composer) > USUAL_LIMIT_BYTES;
}

function TooLarge({ composer }: { composer: OpenComposer }): ReactNode {
  const { t } = useTranslation("compose");
  return (
    <Banner tone="warn" slim icon={TriangleAlert} head={t("attach.tooLarge", { size: formatSize(totalEncoded(composer)) })}>
      {t("attach.tooLargeMore")}
    </Banner>
  );
}
