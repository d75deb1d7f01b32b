import { Send } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Bulk } from "../../../shared/contract/bulk.ts";
import { formatNumber } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { changeBulk, editBulk, startBulk } from "../../state/bulk.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { Select } from "../parts/select.tsx";
import { Switch } from "../parts/switch.tsx";
import { Tag } from "../parts/tag.tsx";
import { Checks } from "./checks.tsx";
import { Preview } from "./preview.tsx";
import { TableButton } from "./source-choice.tsx";
import { StartChoice } from "./start-choice.tsx";
import { leftText } from "./words.ts";

const NONE = "none";
const PACES = ["10", "30", "60", "120", "fast"] as const;

/** All that is decided before the first message leaves. */
export function Preparing({ bulk }: { bulk: Bulk }): ReactNode {
  const { t } = useTranslation("bulk");
  const count = bulk.check.sendable.length;
  const mend = bulk.options.unknown === "stop" && bulk.check.unknown.length > 0;
  return (
    <>
      <div className="page-scroll bulk-columns">
        <div className="bulk-choices">
          <Who bulk={bulk} />
          <Checks bulk={bulk} />
          <How bulk={bulk} />
        </div>
        <Preview bulk={bulk} />
      </div>
      <footer className="bulk-foot">
        <div className="grow">
          <b>{mend ? t("start.mend") : t("start.of", { count, all: formatNumber(bulk.total) })}</b>
          {count > 0 && !mend && <div className="bulk-hint">{leftText(bulk, t)}</div>}
        </div>
        <Button onPress={() => editBulk(bulk)}>{t("start.edit")}</Button>
        <Button look="primary" isDisabled={mend || count === 0} onPress={() => startBulk(bulk)}>
          <Icon of={Send} />
          {t(bulk.startAt === null ? "start" : "startLater", { count })}
        </Button>
      </footer>
    </>
  );
}

function Who({ bulk: { id, draftId, from, fileName, columns, addressColumn, nameColumn, check } }: { bulk: Bulk }): ReactNode {
  const { t } = useTranslation("bulk");
  const choices = columns.map((label, at) => ({ value: String(at), label, lang: langOf(label) }));
  const chosen = (value: number | null): string => (value === null ? NONE : String(value));
  const none = { value: NONE, label: t("who.none"), lang: undefined };
  return (
    <section className="bulk-card" aria-label={t("who.title")}>
      <div className="bulk-row">
        <div className="grow">
          <h2>{fileName ?? t("who.people")}</h2>
          <div className="bulk-hint">{t("who.from", { address: from.address })}</div>
        </div>
        {draftId !== null && (
          <TableButton draftId={draftId} size="small">
            {t("source.other")}
          </TableButton>
        )}
      </div>
      <div className="bulk-row">
        <span className="grow">{t("who.address")}</span>
        <Select
          label={t("who.address")}
          value={chosen(addressColumn)}
          choices={addressColumn === null ? [none, ...choices] : choices}
          onChange={(value) => value !== NONE && changeBulk(id, { addressColumn: Number(value) })}
        />
      </div>
      <div className="bulk-row">
        <span className="grow">{t("who.name")}</span>
        <Select
          label={t("who.name")}
          value={chosen(nameColumn)}
          choices={[none, ...choices]}
          onChange={(value) => changeBulk(id, { nameColumn: value === NONE ? null : Number(value) })}
        />
      </div>
      <div className="bulk-hint">{t("who.columns")}</div>
      <ul className="bulk-tags">
        {columns.map((column, at) => (
          <li key={column}>
            <Tag {...(check.used.includes(at) ? { tone: "accent" as const } : {})} lang={langOf(column)}>
              {`{{${column}}}`}
              {check.used.includes(at) && ` · ${t("who.used")}`}
            </Tag>
          </li>
        ))}
      </ul>
    </section>
  );
}

function How({ bulk: { id, from, options } }: { bulk: Bulk }): ReactNode {
  const { t } = useTranslation("bulk");
  return (
    <section className="bulk-card" aria-label={t("how.title")}>
      <h2>{t("how.title")}</h2>
      <StartChoice id={id} startAt={options.startAt} />
      <div className="bulk-row">
        <div className="grow">
          {t("how.pace")}
          <div className="bulk-hint">{t("how.paceHint")}</div>
        </div>
        <Select
          label={t("how.pace")}
          value={options.perMinute === null ? "fast" : String(options.perMinute)}
          choices={PACES.map((value) => ({
            value: value as string,
            label: value === "fast" ? t("how.fast") : t("how.perMinute", { count: Number(value) }),
          }))}
          onChange={(value) => changeBulk(id, { options: { perMinute: value === "fast" ? null : Number(value) } })}
        />
      </div>
      <div className="bulk-row">
        <div className="grow">
          {t("how.copies")}
          <div className="bulk-hint">{t("how.copiesHint")}</div>
        </div>
        <Segmented
          label={t("how.copies")}
          value={options.copies}
          choices={[
            { value: "each", label: t("how.each") },
            { value: "one", label: t("how.one") },
          ]}
          onChange={(copies) => changeBulk(id, { options: { copies } })}
        />
      </div>
      <div className="bulk-row">
        <div className="grow">
          {t("how.unsubscribe")}
          <div className="bulk-hint">{t("how.unsubscribeHint", { address: from.address })}</div>
        </div>
        <Switch
          aria-label={t("how.unsubscribe")}
          isSelected={options.unsubscribe}
          onChange={(unsubscribe) => changeBulk(id, { options: { unsubscribe } })}
        />
      </div>
    </section>
  );
}
