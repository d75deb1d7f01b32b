import { CircleCheck, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Bulk, BulkProblem } from "../../../shared/contract/bulk.ts";
import { changeBulk } from "../../state/bulk.ts";
import { Icon } from "../parts/icon.tsx";
import { Segmented } from "../parts/segmented.tsx";

/** Rows of a problem that are named. */
const NAMED = 5;

/** What is wrong with rows and placeholders, and what the user wants done about it. */
export function Checks({ bulk: { id, options, check } }: { bulk: Bulk }): ReactNode {
  const { t } = useTranslation("bulk");
  const { badAddress, doubled, empty, unknown, looseBraces } = check;
  const fine = badAddress.count + doubled.count + empty.count + unknown.length === 0 && !looseBraces;
  return (
    <section className="bulk-card" aria-label={t("check.title")}>
      <h2>{t("check.title")}</h2>
      {fine && (
        <p className="bulk-fine">
          <Icon of={CircleCheck} size={18} />
          {t("check.fine")}
        </p>
      )}
      {unknown.length > 0 && (
        <Problem
          head={t("check.unknown", { names: unknown.join(", ") })}
          choice={
            <Choice
              head={unknown.join(", ")}
              value={options.unknown}
              choices={[
                { value: "stop", label: t("check.stop") },
                { value: "as-written", label: t("check.asWritten") },
              ]}
              onChange={(value) => changeBulk(id, { options: { unknown: value } })}
            />
          }
        />
      )}
      {looseBraces && <Problem head={t("check.loose")} />}
      {badAddress.count > 0 && <Problem head={t("check.badAddress", { count: badAddress.count })} problem={badAddress} />}
      {doubled.count > 0 && (
        <Problem
          head={t("check.doubled", { count: doubled.count })}
          problem={doubled}
          choice={
            <Choice
              head={t("check.doubled", { count: doubled.count })}
              value={options.doubled}
              choices={[
                { value: "leave-out", label: t("check.leaveOut") },
                { value: "send", label: t("check.sendAll") },
              ]}
              onChange={(value) => changeBulk(id, { options: { doubled: value } })}
            />
          }
        />
      )}
      {empty.count > 0 && (
        <Problem
          head={t("check.empty", { count: empty.count })}
          problem={empty}
          choice={
            <Choice
              head={t("check.empty", { count: empty.count })}
              value={options.empty}
              choices={[
                { value: "leave-out", label: t("check.leaveOut") },
                { value: "send", label: t("check.sendGap") },
              ]}
              onChange={(value) => changeBulk(id, { options: { empty: value } })}
            />
          }
        />
      )}
    </section>
  );
}

function Choice<T extends string>({
  head,
  ...rest
}: {
  head: string;
  value: T;
  choices: readonly { value: T; label: string }[];
  onChange(value: T): void;
}): ReactNode {
  const { t } = useTranslation("bulk");
  return <Segmented label={t("check.choice", { what: head })} {...rest} />;
}

function Problem({ head, problem, choice }: { head: string; problem?: BulkProblem; choice?: ReactNode }): ReactNode {
  const { t } = useTranslation("bulk");
  const named = problem?.rows.slice(0, NAMED) ?? [];
  const more = (problem?.count ?? 0) - named.length;
  return (
    <div className="bulk-problem">
      <Icon of={TriangleAlert} size={18} />
      <div className="grow">
        <b>{head}</b>
        {named.length > 0 && (
          <ul>
            {named.map(({ position, text }) => (
              <li key={position} className="cut">
                <span className="bulk-number">{position + 1}</span> {text}
              </li>
            ))}
            {more > 0 && <li>{t("check.more", { count: more })}</li>}
          </ul>
        )}
        {choice}
      </div>
    </div>
  );
}
