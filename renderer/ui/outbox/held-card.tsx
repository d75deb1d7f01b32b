import i18next from "i18next";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Explainable, mendOf } from "../../../shared/answers/table.ts";
import type { OutboxItem } from "../../../shared/contract/outbox.ts";
import { knownText } from "../../i18n/failure-text.ts";
import { formatMessageTime, formatSize } from "../../i18n/format.ts";
import { editAgain, sendNow, sendWithoutTls } from "../../state/outbox.ts";
import { goTo } from "../../state/route.ts";
import { UnlockDialog } from "../accounts/unlock-dialog.tsx";
import { Button } from "../parts/button.tsx";
import { MendButtons } from "../parts/mend-buttons.tsx";
import { More } from "./more-menu.tsx";

const PASSWORD_CODES = new Set(["wrong-password", "needs-app-password", "needs-authorization-code", "no-credential"]);

/** What went wrong for good, in plain words first, then in the server's, and the likely way on. */
export function HeldCard({ item, details }: { item: OutboxItem; details: { open: boolean; toggle(): void } }): ReactNode {
  const { t } = useTranslation("outbox");
  const subject = item.subject === "" ? t("noSubject") : item.subject;
  const words = wordsOf(item);
  return (
    <div className="outbox-body">
      <p>
        <b>{causeHead(item)}</b> {causeMore(item)}
      </p>
      {words !== "" && (
        <p className="words" role="note" aria-label={t("words")}>
          {words}
        </p>
      )}
      <div className="outbox-buttons">
        <LikelyDeed item={item} />
        <span className="grow" />
        <Button look="link" aria-expanded={details.open} onPress={details.toggle}>
          {t(details.open ? "do.less" : "do.details")}
        </Button>
        <More item={item} subject={subject} details={details} />
      </div>
    </div>
  );
}

function LikelyDeed({ item }: { item: OutboxItem }): ReactNode {
  const { t } = useTranslation("outbox");
  const [unlocking, setUnlocking] = useState(false);
  const code = item.failure?.code ?? "";
  const again = <Button onPress={() => sendNow(item.id)}>{t("do.tryAgain")}</Button>;
  if (code === "vault-locked") {
    return (
      <>
        <Button look="primary" onPress={() => setUnlocking(true)}>
          {i18next.t("accounts:vault.unlock")}
        </Button>
        {unlocking && <UnlockDialog onClose={() => setUnlocking(false)} />}
      </>
    );
  }
  if (PASSWORD_CODES.has(code)) {
    return (
      <>
        <Button look="primary" onPress={() => goTo({ page: "account", accountId: item.accountId })}>
          {t("do.password")}
        </Button>
        {again}
      </>
    );
  }
  if (code === "tls-not-promised") {
    return (
      <>
        <Button look="primary" onPress={() => editAgain(item.id)}>
          {t("do.edit")}
        </Button>
        <Button onPress={() => sendWithoutTls(item.id)}>{i18next.t("sending:tls.without")}</Button>
      </>
    );
  }
  if (code === "send-late") {
    return (
      <>
        <Button look="primary" onPress={() => sendNow(item.id)}>
          {t("do.sendNow")}
        </Button>
        <Button onPress={() => editAgain(item.id)}>{t("do.edit")}</Button>
      </>
    );
  }
  const failure = explainableOf(item);
  const mends = failure === null ? null : mendOf(failure);
  const edit = () => editAgain(item.id);
  return (
    <>
      {failure !== null && mends !== null && mends.mend !== "edit-message" && mends.mend !== "try-again" && (
        <MendButtons failure={failure} accountId={item.accountId} />
      )}
      <Button look="primary" onPress={edit}>
        {t("do.edit")}
      </Button>
      {again}
    </>
  );
}

/** The item's failure, or that of the first recipient who was refused. */
function explainableOf(item: OutboxItem): Explainable | null {
  const [first] = refusedOf(item);
  if (first === undefined) return item.failure;
  return { code: "recipient-refused", params: { ...item.failure?.params, address: first.address }, serverWords: first.serverWords };
}

function refusedOf(item: OutboxItem): OutboxItem["recipients"] {
  return item.recipients.filter((recipient) => recipient.state === "refused");
}

function causeHead(item: OutboxItem): string {
  const [first] = refusedOf(item);
  if (first !== undefined) return i18next.t("outbox:held.some", { address: first.address });
  const known = item.failure === null ? null : knownText(item.failure);
  if (known !== null) return known.head;
  const planned = item.sendAt === null ? "" : formatMessageTime(item.sendAt, Date.now());
  return i18next.t(causeKey(item, "head"), { size: formatSize(item.sizeBytes), planned, ...item.failure?.params });
}

function causeMore(item: OutboxItem): string {
  const refused = refusedOf(item);
  const rest = item.recipients.length - refused.length;
  const failure = explainableOf(item);
  const known = failure === null ? null : knownText(failure);
  if (refused.length > 0) {
    const why = known === null ? i18next.t("outbox:cause.recipient-refused.text") : `${known.head} ${known.text}`;
    if (rest === 0) return why;
    const key = item.acceptedAt === null ? "outbox:held.someRest" : "outbox:held.someGot";
    return `${i18next.t(key, { count: rest })} ${why}`;
  }
  if (known !== null) return known.text;
  return i18next.t(causeKey(item, "text"), { size: formatSize(item.sizeBytes), ...item.failure?.params });
}

function causeKey(item: OutboxItem, part: "head" | "text"): string {
  const code = refusedOf(item).length > 0 ? "recipient-refused" : (item.failure?.code ?? "other");
  const key = `outbox:cause.${code}.${part}`;
  return i18next.exists(key) ? key : `outbox:cause.other.${part}`;
}

function wordsOf(item: OutboxItem): string {
  const said = refusedOf(item)
    .map((recipient) => recipient.serverWords)
    .filter((words) => words !== "");
  return said.length > 0 ? [...new Set(said)].join("\n") : (item.failure?.serverWords ?? "");
}
