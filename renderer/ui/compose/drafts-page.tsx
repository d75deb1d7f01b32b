import { NotebookPen, Paperclip, Trash2, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { DraftSummary } from "../../../shared/contract/compose.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { formatLooseTime } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { openDraft, startComposer } from "../../state/composers.ts";
import { discardDraft } from "../../state/discard.ts";
import { useDiscarded } from "../../state/discarded-drafts.ts";
import { readDrafts, useDrafts } from "../../state/drafts.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SkeletonBar, useLate } from "../parts/skeleton.tsx";
import "./compose.css";

/** What was begun and not sent, from every account. */
export function DraftsPage(): ReactNode {
  const { t } = useTranslation("compose");
  const { drafts, loaded, failure } = useDrafts();
  const gone = useDiscarded((state) => state.ids);
  const shown = drafts.filter((draft) => !gone.has(draft.id));
  return (
    <main className="drafts" aria-label={t("drafts.title")}>
      <PageHead title={t("drafts.title")}>
        {loaded && shown.length > 0 && <span className="faint caption">{t("drafts.sub", { count: shown.length })}</span>}
      </PageHead>
      {failure !== null && !loaded ? (
        <EmptyState icon={TriangleAlert} title={t("drafts.failed")} action={<Button onPress={readDrafts}>{t("tryAgain")}</Button>}>
          {failureText(failure)}
        </EmptyState>
      ) : loaded && shown.length === 0 ? (
        <EmptyState
          icon={NotebookPen}
          title={t("drafts.empty")}
          action={<Button onPress={() => startComposer({ kind: "new", accountId: null })}>{t("drafts.write")}</Button>}
        >
          {t("drafts.emptyMore")}
        </EmptyState>
      ) : (
        <div className="drafts-list">{loaded ? <List drafts={shown} /> : <Skeleton />}</div>
      )}
    </main>
  );
}

function List({ drafts }: { drafts: readonly DraftSummary[] }): ReactNode {
  return (
    <ul>
      {drafts.map((draft) => (
        <Row key={draft.id} draft={draft} />
      ))}
    </ul>
  );
}

function Row({ draft }: { draft: DraftSummary }): ReactNode {
  const { t } = useTranslation("compose");
  const subject = draft.subject === "" ? t("noSubject") : draft.subject;
  const to = draft.to.map((person) => person.name || person.address).join(t("mail:comma")) || t("drafts.nobody");
  const time = formatLooseTime(draft.savedAt, Date.now());
  return (
    <li className="draft-row">
      <AriaButton className="draft-open" onPress={() => openDraft(draft.id)}>
        <span className={draft.to.length === 0 ? "draft-to cut faint" : "draft-to cut"} lang={langOf(to)}>
          {to}
        </span>
        <span className="draft-what">
          <span className="cut" lang={langOf(subject)}>
            {subject}
          </span>
          <span className="cut" lang={langOf(draft.snippet)}>
            {draft.snippet}
          </span>
        </span>
        <span className="draft-when">
          {draft.attachmentCount > 0 && <Icon of={Paperclip} size={14} />}
          {time}
        </span>
      </AriaButton>
      <IconButton icon={Trash2} label={t("drafts.discard", { subject })} onPress={() => discardDraft(draft.id)} />
    </li>
  );
}

function Skeleton(): ReactNode {
  const { t } = useTranslation("compose");
  const late = useLate(true);
  return (
    <div className="composer-skeleton" role="status" aria-label={t("drafts.loading")}>
      {late && [520, 460, 500, 420].map((width) => <SkeletonBar key={width} width={width} height={12} />)}
    </div>
  );
}
