import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { KEPT_GB } from "../../../shared/contract/offline.ts";
import { formatSize } from "../../i18n/format.ts";
import { Select } from "../parts/select.tsx";

const MB = 1_000_000;
const CHOICES = KEPT_GB.map((gb) => gb * 1000);

/** How much may be kept here, in MB; null = no limit. One that an organisation or a test has set stands among the choices. */
export function LimitSelect({ megabytes, onChange }: { megabytes: number | null; onChange(megabytes: number | null): void }): ReactNode {
  const { t } = useTranslation("offline");
  const sizes = [...new Set([...CHOICES, ...(megabytes === null ? [] : [megabytes])])].sort((a, b) => b - a);
  return (
    <Select
      label={t("limit.label")}
      value={megabytes === null ? "none" : `${megabytes}`}
      choices={[
        { value: "none", label: t("limit.none") },
        ...sizes.map((mb) => ({ value: `${mb}`, label: t("limit.size", { size: formatSize(mb * MB) }) })),
      ]}
      onChange={(value) => onChange(value === "none" ? null : Number(value))}
    />
  );
}
