import i18next from "i18next";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OutboxItem } from "../../../shared/contract/outbox.ts";
import { formatMessageTime, formatSize } from "../../i18n/format.ts";
import { editAgain, sendNow, sendWithoutTls } from "../../state/outbox.ts";
import { goTo } from "../../state/route.ts";
import { UnlockDialog } from "../accounts/unlock-dialog.tsx";
import { Button } from "../parts/button.tsx";
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
  const edit = (
    <Button look="primary" onPress={() => editAgain(item.id)}>
      {t("do.edit")}
    </Button>
  );
  return (
    <>
      {edit}
      {again}
    </>
  );
}

function refusedOf(item: OutboxItem): OutboxItem["recipients"] {
  return item.recipients.filter((recipient) => recipient.state === "refused");
}

function causeHead(item: OutboxItem): string {
  const [first] = refusedOf(item);
  if (first !== undefined) return i18next.t("outbox:held.some", { address: first.address });
  const planned = item.sendAt === null ? "" : formatMessageTime(item.sendAt, Date.now());
  return i18next.t(causeKey(item, "head"), { size: formatSize(item.sizeBytes), planned, ...item.failure?.params });
}

function causeMore(item: OutboxItem): string {
  const refused = refusedOf(item);
  const rest = item.recipients.length - refused.length;
  if (refused.length > 0 && rest > 0) {
    const key = item.acceptedAt === null ? "outbox:held.someRest" : "outbox:held.someGot";
    return `${i18next.t(key, { count: rest })} ${i18next.t("outbox:cause.recipient-refused.text")}`;
  }
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
