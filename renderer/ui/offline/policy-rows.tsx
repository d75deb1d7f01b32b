import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { KEPT_MONTHS, LARGEST_MB, type OfflinePolicy } from "../../../shared/contract/offline.ts";
import { formatSize } from "../../i18n/format.ts";
import { Select } from "../parts/select.tsx";
import { SetRow } from "../settings/set-row.tsx";
import { keepWords, policyWords } from "./words.ts";
import "../settings/settings.css";

type Props = {
  policy: OfflinePolicy;
  /** Of a folder: its account's, and whether it follows it. */
  account?: { policy: OfflinePolicy; followed: boolean } | undefined;
  onChange(policy: OfflinePolicy | null): void;
};

/** The two choices of a policy: how far back, and how large. */
export function PolicyRows({ policy, account, onChange }: Props): ReactNode {
  const { t } = useTranslation("offline");
  const followed = account?.followed === true;
  const months = KEPT_MONTHS.map((count) => ({ value: `${count}`, label: keepWords("keep", { kind: "months", months: count }) }));
  const keeps = [
    ...(account === undefined ? [] : [{ value: "account", label: t("keep.account", { policy: policyWords(account.policy) }) }]),
    { value: "everything", label: t("keep.everything") },
    ...months.reverse(),
    { value: "headers", label: t("keep.headers") },
  ];
  const sizes = [
    { value: "all", label: t("large.all") },
    ...[...LARGEST_MB].reverse().map((mb) => ({ value: `${mb}`, label: t("large.over", { size: formatSize(mb * 1_000_000) }) })),
  ];
  const keep = policy.keep.kind === "months" ? `${policy.keep.months}` : policy.keep.kind;
  const choose = (value: string): void => {
    if (value === "account") onChange(null);
    else if (value === "everything" || value === "headers") onChange({ ...policy, keep: { kind: value } });
    else onChange({ ...policy, keep: { kind: "months", months: Number(value) } });
  };
  return (
    <>
      <SetRow label={t("keep.label")} hint={t("keep.hint")}>
        <Select label={t("keep.label")} value={followed ? "account" : keep} choices={keeps} onChange={choose} />
      </SetRow>
      {!followed && policy.keep.kind !== "headers" && (
        <SetRow label={t("large.label")} hint={t("large.hint")}>
          <Select
            label={t("large.label")}
            value={policy.largestMb === null ? "all" : `${policy.largestMb}`}
            choices={sizes}
            onChange={(value) => onChange({ ...policy, largestMb: LARGEST_MB.find((mb) => `${mb}` === value) ?? null })}
          />
        </SetRow>
      )}
    </>
  );
}
