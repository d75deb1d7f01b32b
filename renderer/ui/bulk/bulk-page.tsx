import { ArrowLeft, CircleAlert } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { BulkId } from "../../../shared/ids.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { followBulk, useBulk } from "../../state/bulk.ts";
import { goTo, type Route } from "../../state/route.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Preparing } from "./preparing.tsx";
import { Report } from "./report.tsx";
import { SourceChoice } from "./source-choice.tsx";
import "../outbox/outbox.css";
import "./bulk.css";

/** One message to each of many, from the table to the report. */
export function BulkPage({ route }: { route: Extract<Route, { page: "bulk" }> }): ReactNode {
  const { t } = useTranslation("bulk");
  return (
    <main className="page bulk" aria-label={t("title")}>
      <PageHead title={t("title")} back={<IconButton icon={ArrowLeft} label={t("back")} onPress={() => goTo({ page: "outbox" })} />} />
      {route.bulkId === null ? (
        <SourceChoice draftId={route.draftId} people={route.people} />
      ) : (
        <Known key={route.bulkId} id={route.bulkId} />
      )}
    </main>
  );
}

function Known({ id }: { id: BulkId }): ReactNode {
  const { t } = useTranslation("bulk");
  useEffect(() => followBulk(id), [id]);
  const { bulk, failure } = useBulk();
  if (bulk === null || bulk.id !== id) {
    return failure === null ? null : (
      <EmptyState icon={CircleAlert} title={t("failed")}>
        {failureText(failure)}
      </EmptyState>
    );
  }
  return bulk.state === "preparing" ? <Preparing bulk={bulk} /> : <Report bulk={bulk} />;
}
