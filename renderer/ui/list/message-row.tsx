import { CircleDashed, Clock3, Copy, Forward, MailX, Paperclip, Reply, Star } from "lucide-react";
import { Fragment, memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ListRow } from "../../../shared/contract/mail.ts";
import { formatLooseTime, formatRowTime } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { showToast } from "../../state/toasts.ts";
import { Icon } from "../parts/icon.tsx";
import { Marked, type MarkRange } from "./marked.tsx";
import { oneTimeCode } from "./one-time-code.ts";
import { personName, rowName } from "./row-words.ts";

export type MessageRowProps = {
  row: ListRow;
  rank: number;
  /** In px from the strip's own top; null where rows simply follow each other. */
  top: number | null;
  now: number;
  selected: boolean;
  joinedAbove: boolean;
  joinedBelow: boolean;
  cursor: boolean;
  leaving: boolean;
  /** Hairline above. */
  ruled: boolean;
  /** Where the text's beginning stands: on a line of its own, behind the subject, or nowhere. */
  snippet: "line" | "behind" | "none";
  subjectMarks?: readonly MarkRange[];
  snippetMarks?: readonly MarkRange[];
  /** What was looked for stands in an attached file. */
  inFile?: boolean;
};

/** One row of the list. Pointer and keys are the list's business: rows are recycled. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps): ReactNode {
  const { row, rank, top, now, selected, cursor, leaving } = props;
  const { t } = useTranslation("mail");
  const className = [
    "msg",
    top === null && "still",
    row.unread > 0 && "unread",
    selected && "selected",
    props.joinedAbove && "joined-above",
    props.joinedBelow && "joined-below",
    cursor && "cursor",
    leaving && "leaving",
    props.ruled && "ruled",
  ];
  const snippet = (
    <span className="snip" lang={langOf(row.snippet)} dir="auto">
      {props.inFile && (
        <>
          <mark className="in-file">
            <Icon of={Paperclip} size={14} />
            {t("search.inFile")}
          </mark>{" "}
        </>
      )}
      <Marked text={row.snippet} marks={props.snippetMarks} />
    </span>
  );
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the row with aria-activedescendant
    <div
      role="row"
      id={`row-${row.key.id}`}
      className={className.filter(Boolean).join(" ")}
      aria-rowindex={rank + 1}
      aria-selected={selected}
      aria-label={props.inFile ? `${rowName(row, now)}, ${t("search.inFile")}` : rowName(row, now)}
      data-rank={rank}
      draggable
      style={top === null ? undefined : { top }}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <div role="gridcell" aria-colindex={1} className="msg-cell">
        {row.unread > 0 && <i className="unread-dot" />}
        <div className="l">
          <span className="from cut">
            <People row={row} />
          </span>
          {row.count > 1 && <span className="count">{row.count}</span>}
          <span className="when">{top === null ? formatLooseTime(row.key.at, now) : formatRowTime(row.key.at, now)}</span>
        </div>
        <div className="l l2">
          <span className="subj" lang={langOf(row.subject)} dir="auto">
            {row.subject === "" ? t("noSubject") : <Marked text={row.subject} marks={props.subjectMarks} />}
          </span>
          {props.snippet === "behind" && snippet}
          <Marks row={row} />
        </div>
        {props.snippet === "line" && <div className="l l3">{snippet}</div>}
      </div>
    </div>
  );
});

function People({ row }: { row: ListRow }): ReactNode {
  const { t } = useTranslation("mail");
  return row.people.map((person, at) => {
    const name = personName(person);
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: by place, so that the element serves the next row as well
      <Fragment key={at}>
        {at > 0 && t("comma")}
        <bdi lang={langOf(name)}>{name}</bdi>
      </Fragment>
    );
  });
}

function Marks({ row }: { row: ListRow }): ReactNode {
  const code = oneTimeCode(row);
  return (
    <span className="marks">
      {code !== null && <Code code={code} />}
      {row.delivery !== "fine" && (
        <span className={row.delivery === "failed" ? "undelivered" : "late"}>
          <Icon of={row.delivery === "failed" ? MailX : Clock3} size={14} />
        </span>
      )}
      {!row.here && <Icon of={CircleDashed} size={14} />}
      {row.answered && <Icon of={Reply} size={14} />}
      {row.forwarded && <Icon of={Forward} size={14} />}
      {row.hasAttachment && <Icon of={Paperclip} size={14} />}
      {row.flagged && (
        <span className="starred">
          <Icon of={Star} size={14} fill />
        </span>
      )}
    </span>
  );
}

function Code({ code }: { code: string }): ReactNode {
  const { t } = useTranslation("mail");
  const copy = (): void => {
    void navigator.clipboard.writeText(code.replace(/\D/gu, "")).then(() => showToast({ key: "mail:toast.codeCopied", lastsMs: 3_000 }));
  };
  return (
    <button
      type="button"
      className="code"
      tabIndex={-1}
      aria-label={t("row.copyCode", { code })}
      onClick={(event) => {
        event.stopPropagation();
        copy();
      }}
    >
      {code}
      <Icon of={Copy} size={14} />
    </button>
  );
}
