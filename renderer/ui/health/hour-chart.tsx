import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

const HOURS = 7 * 24;
const HEIGHT = 40;
const STEP = 4;
const HOUR_MS = 3_600_000;

export type Bar = { hour: number; value: number; failed?: boolean };

/** A bar for each hour of the last seven days; nothing where the program was not open. What failed is marked at the foot. */
export function HourChart({ bars, now, label, caption }: { bars: readonly Bar[]; now: number; label: string; caption: string }): ReactNode {
  const { t } = useTranslation("health");
  const first = Math.floor(now / HOUR_MS) - HOURS + 1;
  const shown = bars.filter(({ hour }) => hour >= first);
  const most = Math.max(1, ...shown.map(({ value }) => value));
  return (
    <figure className="hour-chart">
      <svg viewBox={`0 0 ${HOURS * STEP} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {[1, 2, 3, 4, 5, 6].map((day) => (
          <line key={day} className="hour-day" x1={day * 24 * STEP} x2={day * 24 * STEP} y1={0} y2={HEIGHT} />
        ))}
        {shown.map(({ hour, value, failed = false }) => {
          const height = value === 0 ? 0.75 : Math.max(2, (value / most) * (HEIGHT - 6));
          const x = (hour - first) * STEP;
          return (
            <g key={hour}>
              <rect className="hour-bar" x={x} y={HEIGHT - 4 - height} width={STEP - 1} height={height} />
              {failed && <rect className="hour-failed" x={x} y={HEIGHT - 3} width={STEP - 1} height={3} />}
            </g>
          );
        })}
      </svg>
      <figcaption>
        <span>{t("chart.week")}</span>
        <span className="cut">{caption}</span>
        <span>{t("chart.today")}</span>
      </figcaption>
    </figure>
  );
}
