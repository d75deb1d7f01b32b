import i18next from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { LeaveOnServer } from "../../../shared/contract/accounts.ts";
import { Select } from "../parts/select.tsx";

/** Days that are offered; one that is set already stands among them. */
const DAYS = [7, 14, 30, 90, 365];

const keyOf = (leave: LeaveOnServer): string => (leave.kind === "days" ? String(leave.days) : leave.kind);

function leaveOf(key: string): LeaveOnServer {
  return key === "forever" || key === "until-deleted" ? { kind: key } : { kind: "days", days: Number(key) };
}

/** What the choice comes to, in a sentence. */
export function leaveHint(leave: LeaveOnServer): string {
  if (leave.kind === "forever") return i18next.t("accounts:pop3.leave.foreverHint");
  if (leave.kind === "until-deleted") return i18next.t("accounts:pop3.leave.untilHint");
  return leave.days === 0 ? i18next.t("accounts:pop3.leave.noneHint") : i18next.t("accounts:pop3.leave.daysHint", { count: leave.days });
}

/** How long mail stays on a POP3 server. */
export function LeaveSelect({ value, onChange }: { value: LeaveOnServer; onChange(leave: LeaveOnServer): void }): ReactNode {
  const { t } = useTranslation("accounts");
  const days = [...new Set([...DAYS, ...(value.kind === "days" && value.days > 0 ? [value.days] : [])])].sort((a, b) => a - b);
  return (
    <Select
      label={t("pop3.leave.label")}
      value={keyOf(value)}
      choices={[
        { value: "forever", label: t("pop3.leave.forever") },
        { value: "until-deleted", label: t("pop3.leave.until") },
        ...days.map((count) => ({ value: String(count), label: t("pop3.leave.days", { count }) })),
        { value: "0", label: t("pop3.leave.none") },
      ]}
      onChange={(key) => onChange(leaveOf(key))}
    />
  );
}

/** The same as a field of a form. */
export function LeaveOnServerField({
  value = { kind: "forever" },
  onChange,
}: {
  value: LeaveOnServer | undefined;
  onChange(leave: LeaveOnServer): void;
}): ReactNode {
  const { t } = useTranslation("accounts");
  return (
    <div className="leave">
      <span className="field-label" aria-hidden="true">
        {t("pop3.leave.label")}
      </span>
      <LeaveSelect value={value} onChange={onChange} />
      <p className="field-hint">{leaveHint(value)}</p>
    </div>
  );
}
