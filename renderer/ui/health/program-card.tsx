import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Vitals } from "../../../shared/contract/vitals.ts";
import { type Durations, quantileMs, sumOfDurations } from "../../../shared/durations.ts";
import { formatNumber, formatSize } from "../../i18n/format.ts";
import { useVitals } from "../../state/vitals.ts";
import { Facts } from "./facts.tsx";
import { HourChart } from "./hour-chart.tsx";
import { spanText } from "./words.ts";

/** What Satchel takes up here, and its memory in seven days. */
export function ProgramCard({ vitals }: { vitals: Vitals }): ReactNode {
  const { t } = useTranslation("health");
  const hours = useVitals((state) => state.history?.program) ?? [];
  const { memoryBytes, databaseBytes, indexBytes, mail, freeBytes, at } = vitals;
  return (
    <div className="setcard health-card">
      <Facts
        facts={[
          { name: t("fact.memory"), value: formatSize(memoryBytes) },
          { name: t("fact.database"), value: formatSize(databaseBytes) },
          { name: t("fact.index"), value: formatSize(indexBytes) },
          { name: t("fact.mail"), value: t("fact.mailFiles", { size: formatSize(mail.bytes), files: formatNumber(mail.files) }) },
          { name: t("fact.free"), value: freeBytes === null ? t("none") : formatSize(freeBytes) },
        ]}
      />
      {hours.length > 0 && (
        <HourChart
          now={at}
          bars={hours.map(({ hour, memoryBytes: value }) => ({ hour, value }))}
          label={t("chart.memory", { most: formatSize(Math.max(...hours.map(({ memoryBytes: value }) => value))) })}
          caption={t("chart.memoryShort")}
        />
      )}
    </div>
  );
}

const PARTS = [0.5, 0.95, 0.99] as const;
const THREADS: ReadonlySet<string> = new Set(["main", "engine", "parse", "search", "drafts", "checkpoints"]);

/** How long the window waited, and for how long each thread did not listen. */
export function SpeedCard({ vitals }: { vitals: Vitals }): ReactNode {
  const { t } = useTranslation("health");
  const hours = useVitals((state) => state.history?.program) ?? [];
  const nameOf = (thread: string, count: number): string =>
    THREADS.has(thread) ? t(`thread.${thread}` as "thread.parse", { count }) : thread;
  return (
    <div className="setcard health-card">
      <table className="health-speed">
        <caption className="heard-only">{t("speed")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("speed.what")}</th>
            <th scope="col">{t("speed.half")}</th>
            <th scope="col">{t("speed.most")}</th>
            <th scope="col">{t("speed.nearlyAll")}</th>
            <th scope="col">{t("speed.memory")}</th>
          </tr>
        </thead>
        <tbody>
          <SpeedRow name={t("speed.answers")} durations={vitals.requests} />
          <SpeedRow name={t("speed.week")} durations={sumOfDurations(hours.map(({ requests }) => requests))} />
          <tr className="health-between">
            <th scope="colgroup" colSpan={5}>
              {t("speed.pauses")}
            </th>
          </tr>
          {vitals.threads.map(({ thread, count, heapBytes, pauses }) => (
            <SpeedRow key={thread} name={nameOf(thread, count)} durations={pauses} memory={formatSize(heapBytes)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SpeedRow({ name, durations, memory }: { name: string; durations: Durations; memory?: string }): ReactNode {
  const { t } = useTranslation("health");
  return (
    <tr>
      <th scope="row">{name}</th>
      {PARTS.map((part) => {
        const ms = quantileMs(durations, part);
        return <td key={part}>{ms === null ? t("none") : spanText(ms)}</td>;
      })}
      <td>{memory ?? ""}</td>
    </tr>
  );
}
