import { ChevronRight, NotebookPen, Paperclip, Trash2, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { DraftSummary } from "../../../shared/contract/compose.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { formatLooseTime } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { useAccounts } from "../../state/accounts.ts";
import { openDraft, startComposer } from "../../state/composers.ts";
import { discardDraft } from "../../state/discard.ts";
import { useDiscarded } from "../../state/discarded-drafts.ts";
import { readDrafts, useDrafts } from "../../state/drafts.ts";
import { holdsServerDrafts, useFolders } from "../../state/folders.ts";
import { goToFolder } from "../../state/open.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SkeletonBar, useLate } from "../parts/skeleton.tsx";
import { folderIcon } from "../shell/folder-name.ts";
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
      <Elsewhere />
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

/** The way to what other programs began, so that nobody looks for it here. */
function Elsewhere(): ReactNode {
  const { t } = useTranslation("compose");
  const folders = useFolders((state) => state.folders).filter(holdsServerDrafts);
  const accounts = useAccounts((state) => state.accounts);
  if (folders.length === 0) return null;
  return (
    <section className="drafts-elsewhere" aria-label={t("drafts.elsewhere")}>
      <h2 className="caption muted">{t("drafts.elsewhere")}</h2>
      {folders.map(({ id, accountId, total }) => {
        const name = accounts.find((one) => one.id === accountId)?.name ?? "";
        return (
          <AriaButton key={id} className="drafts-folder" onPress={() => goToFolder(id)}>
            <Icon of={folderIcon("drafts")} />
            <span className="cut" lang={langOf(name)}>
              {name}
            </span>
            <span className="faint caption grow">{t("drafts.inFolder", { count: total })}</span>
            <Icon of={ChevronRight} />
          </AriaButton>
        );
      })}
    </section>
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
