import { FileQuestion } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Preview } from "../../../shared/contract/preview.ts";
import { EmptyState } from "../parts/empty-state.tsx";

type WhyNone = Extract<Preview, { kind: "none" }>["why"] | "broken" | "locked" | "failed";

/** Why there is nothing to be seen, and what can be done instead. */
export function NoPreview({ why }: { why: WhyNone }): ReactNode {
  const { t } = useTranslation("preview");
  return (
    <div className="preview-body preview-none">
      <EmptyState icon={FileQuestion} title={t("none.head")}>
        {t(`none.${why}`)}
      </EmptyState>
    </div>
  );
}
