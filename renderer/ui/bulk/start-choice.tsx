import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BulkId } from "../../../shared/ids.ts";
import { formatAhead } from "../../i18n/format.ts";
import { changeBulk } from "../../state/bulk.ts";
import { asInput, fromInput, laterChoices, ownZone } from "../../state/send-later.ts";
import { useNow } from "../parts/now.ts";
import { Segmented } from "../parts/segmented.tsx";

const YEAR_MS = 365 * 86_400_000;

/** At once, or at a moment on this computer's clock. */
export function StartChoice({ id, startAt }: { id: BulkId; startAt: number | null }): ReactNode {
  const { t } = useTranslation("bulk");
  const now = useNow(1000);
  const zone = ownZone();
  const [text, setText] = useState(() => (startAt === null ? "" : asInput(startAt, zone)));
  const typed = fromInput(text, zone);
  const choose = (at: number | null): void => {
    setText(at === null ? "" : asInput(at, zone));
    changeBulk(id, { options: { startAt: at } });
  };
  const type = (value: string): void => {
    setText(value);
    const at = fromInput(value, zone);
    if (at !== null && at < now + YEAR_MS) changeBulk(id, { options: { startAt: at } });
  };
  const hint = (): string => {
    if (startAt === null) return t("when.hint");
    if (typed === null || typed >= now + YEAR_MS) return t("when.year");
    return typed <= now ? t("when.past") : t("when.goes", { when: formatAhead(typed, now), zone: zone.replaceAll("_", " ") });
  };
  return (
    <div className="bulk-row">
      <div className="grow">
        {t("when.title")}
        <div className="bulk-hint" role="status">
          {hint()}
        </div>
      </div>
      {startAt !== null && (
        <input
          className="bulk-when"
          type="datetime-local"
          aria-label={t("when.input")}
          value={text}
          min={asInput(now, zone)}
          onChange={(event) => type(event.target.value)}
        />
      )}
      <Segmented
        label={t("when.title")}
        value={startAt === null ? "now" : "later"}
        choices={[
          { value: "now", label: t("when.now") },
          { value: "later", label: t("when.later") },
        ]}
        onChange={(value) => choose(value === "now" ? null : (laterChoices(Date.now(), zone)[0]?.at ?? null))}
      />
    </div>
  );
}
