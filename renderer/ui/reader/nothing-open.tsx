import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatNumber, formatPercent } from "../../i18n/format.ts";
import { useHealth } from "../../state/health.ts";
import { readiness } from "../../state/readiness.ts";
import logo from "../../style/logo.svg";
import { EmptyState } from "../parts/empty-state.tsx";

/** What stands where no message is open: how much is with you, and three keys. */
export function NothingOpen(): ReactNode {
  const { t } = useTranslation("mail");
  const status = useHealth((state) => state.status);
  const { done, total, onDemand } = readiness(status, true);
  const all = total > 0 && done >= total;
  const text = all
    ? t("nothing.all", { count: total, number: formatNumber(total) })
    : t("nothing.part", { number: formatNumber(done), percent: formatPercent(total === 0 ? 0 : done / total) });
  return (
    <EmptyState
      picture={<img src={logo} width="56" height="56" alt="" />}
      title={t(all ? (onDemand > 0 ? "offline:keptTitle" : "nothing.allTitle") : "nothing.title")}
      action={
        <div className="reader-empty-keys">
          <span className="row">
            <kbd>C</kbd> {t("nothing.compose")}
          </span>
          <span className="row">
            <kbd>/</kbd> {t("nothing.search")}
          </span>
          <span className="row">
            <kbd>?</kbd> {t("nothing.keys")}
          </span>
        </div>
      }
    >
      {total === 0 ? t("nothing.none") : text}
    </EmptyState>
  );
}
