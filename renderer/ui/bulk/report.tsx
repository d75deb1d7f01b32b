import { CircleAlert, CircleHelp, Clock, Pause } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Bulk, BulkRecipientState, BulkRow } from "../../../shared/contract/bulk.ts";
import type { FailureData } from "../../../shared/failure.ts";
import type { AccountId } from "../../../shared/ids.ts";
import { failureText, reasonText } from "../../i18n/failure-text.ts";
import { formatAhead, formatClock, formatNumber } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import {
  beginBulkNow,
  cancelBulk,
  discardBulk,
  duplicateBulk,
  moreRows,
  pauseBulk,
  resolveBulk,
  retryBulk,
  saveReport,
  showRows,
  useBulk,
} from "../../state/bulk.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/dialog.tsx";
import { ServerWords } from "../parts/failure-note.tsx";
import { MendButtons } from "../parts/mend-buttons.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { Stitch } from "../parts/stitch.tsx";
import { Tag } from "../parts/tag.tsx";
import { leftText, progressOf, stateText } from "./words.ts";

const FILTERS: Readonly<Record<"all" | "open" | "left", readonly BulkRecipientState[] | null>> = {
  all: null,
  open: ["held", "unknown", "cancelled", "left-out"],
  left: ["waiting", "queued"],
};

/** How far it is, and what became of each. */
export function Report({ bulk }: { bulk: Bulk }): ReactNode {
  const { t } = useTranslation("bulk");
  const { t: outbox } = useTranslation("outbox");
  const { done, all, text } = progressOf(bulk);
  const { counts, state } = bulk;
  const subject = bulk.subject === "" ? outbox("noSubject") : bulk.subject;
  return (
    <div className="page-scroll bulk-report">
      <section className="bulk-card" aria-label={t("progress")}>
        <div className="bulk-row">
          <h2 className="grow cut" lang={langOf(subject)}>
            {subject}
          </h2>
          <Tag
            {...(state === "running"
              ? { tone: "accent" as const }
              : state === "paused"
                ? { tone: "warn" as const }
                : { tone: "ok" as const })}
          >
            {stateText(bulk, t)}
          </Tag>
        </div>
        <div className="bulk-row">
          <b>{t("card.line", { done: text[0], all: text[1] })}</b>
          <span className="grow" />
          {state === "running" && bulk.startAt === null && <span className="bulk-hint">{leftText(bulk, t)}</span>}
        </div>
        <Stitch part={all === 0 ? 1 : done / all} tone={state === "paused" ? "warn" : undefined} label={t("progress")} />
        <ul className="bulk-counts">
          <Count name={t("row.accepted")} count={counts.accepted} />
          <Count name={t("row.queued")} count={counts.onTheWay} />
          <Count name={t("row.waiting")} count={counts.waiting} />
          <Count name={t("row.held")} count={counts.held} />
          <Count name={t("row.unknown")} count={counts.unknown} />
          <Count name={t("row.cancelled")} count={counts.cancelled} />
          <Count name={t("row.left-out")} count={counts.leftOut} />
        </ul>
        <Deeds bulk={bulk} />
      </section>
      {bulk.failure !== null && <Stopped failure={bulk.failure} accountId={bulk.accountId} />}
      {state === "running" && bulk.startAt !== null && (
        <Banner slim icon={Clock} head={t("later.head", { when: formatAhead(bulk.startAt, Date.now()) })}>
          {t("later.text")}
        </Banner>
      )}
      {state === "paused" && (
        <Banner tone="warn" slim icon={Pause} head={t("paused.head")}>
          {t("paused.text")}
        </Banner>
      )}
      {counts.unknown > 0 && (
        <Banner
          tone="warn"
          icon={CircleHelp}
          head={t("unknown.head", { count: counts.unknown })}
          actions={
            <>
              <Button size="small" onPress={() => resolveBulk(bulk.id, null, "arrived")}>
                {t("unknown.arrived")}
              </Button>
              <Button size="small" look="plain" onPress={() => resolveBulk(bulk.id, null, "send-again")}>
                {t("unknown.again")}
              </Button>
            </>
          }
        >
          {t("unknown.text")}
        </Banner>
      )}
      <Rows bulk={bulk} />
    </div>
  );
}

function Count({ name, count }: { name: string; count: number }): ReactNode {
  if (count === 0) return null;
  return (
    <li>
      <b>{formatNumber(count)}</b> {name}
    </li>
  );
}

function Deeds({ bulk: { id, state, counts, startAt } }: { bulk: Bulk }): ReactNode {
  const { t } = useTranslation("bulk");
  const [asking, setAsking] = useState(false);
  const active = state === "running" || state === "paused";
  const left = counts.waiting + counts.onTheWay;
  const later = state === "running" && startAt !== null;
  return (
    <div className="bulk-deeds">
      {later && (
        <Button look="primary" onPress={() => beginBulkNow(id)}>
          {t("later.now")}
        </Button>
      )}
      {active && (
        <Button {...(later ? {} : { look: "primary" as const })} onPress={() => pauseBulk(id, state === "running")}>
          {t(state === "running" ? "deed.pause" : "deed.resume")}
        </Button>
      )}
      {active && left > 0 && <Button onPress={() => setAsking(true)}>{t("deed.cancel")}</Button>}
      {counts.held > 0 && <Button onPress={() => retryBulk(id, null)}>{t("deed.retry")}</Button>}
      <Button onPress={() => void saveReport(id)}>{t("deed.report")}</Button>
      {!active && <Button onPress={() => duplicateBulk(id)}>{t("deed.duplicate")}</Button>}
      {!active && counts.unknown === 0 && (
        <Button look="plain" onPress={() => discardBulk(id)}>
          {t("deed.discard")}
        </Button>
      )}
      {asking && (
        <Confirm
          title={t("cancel.title", { count: left })}
          text={t("cancel.text")}
          keep={t("cancel.keep")}
          deed={t("deed.cancel")}
          onClose={() => setAsking(false)}
          onDeed={() => cancelBulk(id)}
        />
      )}
    </div>
  );
}

function Rows({ bulk }: { bulk: Bulk }): ReactNode {
  const { t } = useTranslation("bulk");
  const [filter, setFilter] = useState<keyof typeof FILTERS>("all");
  const rows = useBulk((state) => state.rows);
  const { counts, total } = bulk;
  const there = {
    all: total,
    open: counts.held + counts.unknown + counts.cancelled + counts.leftOut,
    left: counts.waiting + counts.onTheWay,
  }[filter];
  return (
    <section aria-label={t("rows.title")}>
      <div className="bulk-row bulk-rows-head">
        <h2 className="section-title grow">{t("rows.title")}</h2>
        <Segmented
          label={t("rows.filter")}
          value={filter}
          choices={(["all", "open", "left"] as const).map((value) => ({ value, label: t(`rows.${value}`) }))}
          onChange={(value) => {
            setFilter(value);
            showRows(FILTERS[value]);
          }}
        />
      </div>
      <ul className="bulk-list">
        {rows.map((row) => (
          <Recipient key={row.position} row={row} bulk={bulk} />
        ))}
        {there === 0 && <li className="bulk-hint">{t("rows.none")}</li>}
      </ul>
      {rows.length < there && (
        <Button size="small" onPress={moreRows}>
          {t("rows.more")}
        </Button>
      )}
    </section>
  );
}

const TONES = {
  accepted: "ok",
  held: "bad",
  unknown: "warn",
  queued: "accent",
  waiting: undefined,
  cancelled: undefined,
  "left-out": undefined,
} as const;

function Recipient({ row: { position, address, name, state, failure, at }, bulk }: { row: BulkRow; bulk: Bulk }): ReactNode {
  const { t } = useTranslation("bulk");
  const tone = TONES[state];
  const shown = name === "" ? address : name;
  return (
    <li className="bulk-recipient">
      <span className="bulk-number">{formatNumber(position + 1)}</span>
      <div className="grow">
        <div className="cut">
          <span lang={langOf(shown)}>{shown}</span> {name !== "" && <span className="bulk-hint">{address}</span>}
        </div>
        {failure !== null && <div className="bulk-reason">{reasonText(failure, address)}</div>}
        {failure?.serverWords !== undefined && <code>{failure.serverWords}</code>}
      </div>
      {state === "held" && (
        <Button size="small" look="plain" onPress={() => retryBulk(bulk.id, position)}>
          {t("row.try")}
        </Button>
      )}
      {state === "unknown" && (
        <>
          <Button size="small" look="plain" onPress={() => resolveBulk(bulk.id, position, "arrived")}>
            {t("unknown.arrived")}
          </Button>
          <Button size="small" look="plain" onPress={() => resolveBulk(bulk.id, position, "send-again")}>
            {t("unknown.again")}
          </Button>
        </>
      )}
      <Tag {...(tone === undefined ? {} : { tone })}>{t(`row.${state}`)}</Tag>
      <time className="bulk-time">{at === null ? "" : formatClock(at)}</time>
    </li>
  );
}

/** Why no more of it goes, told as everywhere. */
function Stopped({ failure, accountId }: { failure: FailureData; accountId: AccountId }): ReactNode {
  return (
    <Banner
      tone="bad"
      icon={CircleAlert}
      head={failureText(failure)}
      actions={<MendButtons failure={failure} accountId={accountId} size="small" />}
    >
      <ServerWords failure={failure} />
    </Banner>
  );
}
