import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Bulk } from "../../../shared/contract/bulk.ts";
import { formatNumber } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { showPreview, testBulk, useBulk } from "../../state/bulk.ts";
import { toastFailure } from "../../state/toasts.ts";
import { Button } from "../parts/button.tsx";
import { IconButton } from "../parts/icon-button.tsx";

/** Each message as its reader will have it, one after the other. */
export function Preview({ bulk: { id, check } }: { bulk: Bulk }): ReactNode {
  const { t } = useTranslation("bulk");
  const preview = useBulk((state) => state.preview);
  if (preview === null) return check.sendable.length === 0 ? <p className="bulk-hint">{t("preview.nobody")}</p> : null;
  const at = check.sendable.indexOf(preview.position);
  const step = (by: number): void => {
    const position = check.sendable[at + by];
    if (position !== undefined) showPreview(position).catch(toastFailure);
  };
  const { to, subject, url } = preview;
  return (
    <section className="bulk-card bulk-preview" aria-label={t("preview.title")}>
      <div className="bulk-row">
        <h2 className="grow">{t("preview.title")}</h2>
        <IconButton icon={ChevronLeft} label={t("preview.before")} isDisabled={at <= 0} onPress={() => step(-1)} />
        <span className="bulk-step" role="status">
          {t("preview.step", { at: formatNumber(at + 1), all: formatNumber(check.sendable.length) })}
        </span>
        <IconButton icon={ChevronRight} label={t("preview.next")} isDisabled={at >= check.sendable.length - 1} onPress={() => step(1)} />
      </div>
      <div className="bulk-letter">
        <h3 lang={langOf(subject)}>{subject}</h3>
        <div className="bulk-hint">
          {t("preview.to")}{" "}
          <span lang={langOf(to.name)} className="bulk-person">
            {to.name}
          </span>{" "}
          {to.address}
        </div>
        <iframe key={url} sandbox="" src={url} title={t("preview.frame")} />
      </div>
      <Button size="small" onPress={() => testBulk(id, preview.position)}>
        {t("preview.test")}
      </Button>
    </section>
  );
}
