import { Database, Paperclip, Search as SearchIcon, SearchX, TriangleAlert, X } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, type ReactNode, type UIEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { SearchHit } from "../../../shared/contract/search.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { formatNumber, formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { useAccounts } from "../../state/accounts.ts";
import { goToAttachments } from "../../state/all-attachments.ts";
import { useHealth } from "../../state/health.ts";
import { read } from "../../state/open.ts";
import { closeSearch, onlyAccount, search, searchMore, useSearch } from "../../state/search.ts";
import { selectOnly, toggleRow, useSelection } from "../../state/selection.ts";
import { isMac } from "../../state/session.ts";
import { useShell } from "../../state/shell.ts";
import { MessageRow } from "../list/message-row.tsx";
import { useNow } from "../list/use-now.ts";
import { useSnippetPlace } from "../list/use-snippet-place.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { ReaderPane } from "../reader/reader-pane.tsx";
import { joinQuery, type QueryToken, splitQuery } from "./query-tokens.ts";
import "../list/list.css";
import "./search.css";

/** Search over everything on this computer: the field, what it covers, hits, and the message. */
export function SearchPage({ width }: { width: number | null }): ReactNode {
  const { t } = useTranslation("mail");
  const reading = useShell((state) => state.reading);
  const one = width === null;
  return (
    <main className="search" aria-label={t("search.label")}>
      <h1 className="hidden">{t("search.label")}</h1>
      <SearchField />
      {!one && <SearchLine />}
      <div className="search-panes">
        {(!one || !reading) && <Hits width={width} />}
        {(!one || reading) && <ReaderPane bar={one} />}
      </div>
    </main>
  );
}

function SearchField(): ReactNode {
  const { t } = useTranslation("mail");
  const { query, total, tookMs, hits, nextCursor } = useSearch();
  const field = useRef<HTMLInputElement>(null);
  const { tokens, words } = splitQuery(query);
  useEffect(() => field.current?.focus(), []);
  const without = (token: QueryToken): void =>
    search(
      joinQuery(
        tokens.filter((one) => one !== token),
        words,
      ),
    );
  const key = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    const last = tokens.at(-1);
    if (event.key === "Escape") closeSearch();
    if (event.key === "Backspace" && words === "" && last !== undefined) without(last);
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      document.querySelector<HTMLElement>(".search-hits")?.focus();
      const [first] = visibleHits();
      if (first !== undefined && useSelection.getState().rows.size === 0) selectOnly(first.row);
    }
  };
  const count = total ?? `${hits.length}${nextCursor === null ? "" : "+"}`;
  return (
    <div className="search-field" role="search">
      <Icon of={SearchIcon} />
      {tokens.map((token) => (
        <span className="search-token" key={token.text}>
          {token.not && `${t("search.not")} `}
          {token.name}: <b lang={langOf(token.value)}>{token.value}</b>
          <button type="button" aria-label={t("search.removeToken", { token: token.text })} onClick={() => without(token)}>
            <Icon of={X} size={14} />
          </button>
        </span>
      ))}
      <input
        ref={field}
        type="text"
        role="searchbox"
        aria-label={t("search.label")}
        placeholder={tokens.length === 0 ? t("search.label") : ""}
        value={words}
        lang={langOf(words)}
        spellCheck={false}
        onChange={(event) => search(joinQuery(tokens, event.target.value))}
        onKeyDown={key}
      />
      <span className="caption faint num" role="status">
        {tookMs !== null &&
          t("search.hits", {
            count: total ?? hits.length,
            number: typeof count === "number" ? formatNumber(count) : count,
            ms: Math.max(1, Math.round(tookMs)),
          })}
      </span>
      <IconButton icon={X} iconSize={16} className="small" label={t("search.close")} onPress={closeSearch} />
    </div>
  );
}

function SearchLine(): ReactNode {
  const { t } = useTranslation("mail");
  const accounts = useAccounts((state) => state.accounts);
  const { account, toIndex, query } = useSearch();
  const { words } = splitQuery(query);
  const status = useHealth((state) => state.status);
  const here = status?.index.indexed ?? 0;
  const coming = Math.max(toIndex, status?.index.toIndex ?? 0);
  const bytesToGo = status?.accounts.reduce((sum, one) => sum + one.bytesToGo, 0) ?? 0;
  return (
    <div className="search-line">
      {accounts.length > 1 && (
        <Segmented
          label={t("search.where")}
          value={account === null ? "all" : String(account)}
          choices={[
            { value: "all", label: t("search.all") },
            ...accounts.map((one) => ({ value: String(one.id), label: one.name, lang: langOf(one.name) })),
          ]}
          onChange={(value) => onlyAccount(accounts.find((one) => String(one.id) === value)?.id ?? null)}
        />
      )}
      <span className="grow" />
      <Button
        look="link"
        size="small"
        onPress={() => {
          closeSearch();
          goToAttachments(words);
        }}
      >
        <Icon of={Paperclip} size={14} />
        {t("attachments:inSearch")}
      </Button>
      <span className="row caption faint">
        <Icon of={Database} size={14} />
        {coming > 0
          ? t("search.partly", { indexed: formatNumber(here), coming: formatNumber(coming) })
          : bytesToGo > 0
            ? t("search.coversToGo", { count: here, number: formatNumber(here), size: formatSize(bytesToGo) })
            : t("search.covers", { count: here, number: formatNumber(here) })}
      </span>
    </div>
  );
}

function visibleHits(): readonly SearchHit[] {
  const { hits, account } = useSearch.getState();
  return account === null ? hits : hits.filter((hit) => hit.row.accountId === account);
}

function Hits({ width }: { width: number | null }): ReactNode {
  const { t } = useTranslation("mail");
  const { query, running, failure, tookMs } = useSearch();
  const { rows, cursor } = useSelection();
  const now = useNow();
  const snippet = useSnippetPlace();
  const grid = useRef<HTMLDivElement>(null);
  const hits = visibleHits();
  const go = (by: number): void => {
    const at = hits.findIndex((hit) => hit.row.key.id === cursor);
    const hit = hits[Math.min(hits.length - 1, Math.max(0, at + by))];
    if (hit !== undefined) selectOnly(hit.row);
  };
  useEffect(() => {
    if (cursor !== null) document.getElementById(`row-${cursor}`)?.scrollIntoView({ block: "nearest" });
  }, [cursor]);
  const key = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (by === undefined || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    go(by);
  };
  const press = (event: MouseEvent): void => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-rank]") : null;
    const hit = element === null ? undefined : hits[Number(element.dataset["rank"])];
    if (hit === undefined) return;
    if (isMac() ? event.metaKey : event.ctrlKey) {
      toggleRow(hit.row);
      return;
    }
    selectOnly(hit.row);
    read(hit.row, true);
  };
  const scroll = (event: UIEvent<HTMLElement>): void => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
    if (scrollHeight - scrollTop - clientHeight < 1_000) searchMore();
  };
  const style = width === null ? { flex: 1 } : { width };
  if (hits.length === 0) {
    return (
      <div className="search-hits" style={style} data-pane="list">
        {failure !== null ? (
          <EmptyState icon={TriangleAlert} title={t("search.failed")}>
            {failureText(failure)}
          </EmptyState>
        ) : query.trim() === "" ? (
          <Tips />
        ) : (
          !running &&
          tookMs !== null && (
            <EmptyState icon={SearchX} title={t("search.none")}>
              {t("search.noneText")}
            </EmptyState>
          )
        )}
      </div>
    );
  }
  return (
    <div
      className="search-hits"
      style={style}
      ref={grid}
      role="grid"
      aria-label={t("search.results")}
      aria-rowcount={hits.length}
      aria-multiselectable="true"
      aria-activedescendant={hits.some((hit) => hit.row.key.id === cursor) ? `row-${cursor}` : undefined}
      tabIndex={0}
      data-pane="list"
      data-pane-focus=""
      onClick={press}
      onKeyDown={key}
      onScroll={scroll}
    >
      {hits.map((hit, rank) => (
        <MessageRow
          key={hit.row.placementId}
          row={hit.row}
          rank={rank}
          top={null}
          now={now}
          selected={rows.has(hit.row.key.id)}
          joinedAbove={false}
          joinedBelow={false}
          cursor={cursor === hit.row.key.id}
          leaving={false}
          ruled={rank > 0 && !rows.has(hits[rank - 1]?.row.key.id ?? 0)}
          snippet={snippet}
          subjectMarks={hit.subjectMarks}
          snippetMarks={hit.snippetMarks}
          inFile={hit.inFile}
        />
      ))}
    </div>
  );
}

const TIPS = ["from:", "subject:", "has:attachment", "is:unread", "before:2026-11-01", "in:"] as const;

function Tips(): ReactNode {
  const { t } = useTranslation("mail");
  return (
    <EmptyState
      icon={SearchIcon}
      title={t("search.tipsTitle")}
      action={
        <dl className="search-tips">
          {TIPS.map((tip) => (
            <div key={tip} style={{ display: "contents" }}>
              <dt>{tip}</dt>
              <dd>{t(`search.tip.${tip.replace(/:.*/u, "")}`)}</dd>
            </div>
          ))}
        </dl>
      }
    >
      {t("search.tipsText")}
    </EmptyState>
  );
}
