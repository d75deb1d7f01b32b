import { ShieldAlert, ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Vouching as Found } from "../../../shared/contract/vouching.ts";
import { Icon } from "../parts/icon.tsx";

/** Who answers for the sender's address, and who found that out. What is not known is said in passing. */
export function Vouching({ found }: { found: Found }): ReactNode {
  const { t } = useTranslation("vouching");
  const known = found.kind !== "unknown";
  const good = known && found.kind !== "unvouched";
  return (
    <>
      <dt>{t("label")}</dt>
      <dd className={good ? "vouching good" : "vouching"}>
        <div>
          {known && <Icon of={good ? ShieldCheck : ShieldAlert} size={16} />}
          <bdi>{found.kind === "forwarded" && found.through !== "" ? t("forwardedThrough", found) : t(found.kind, found)}</bdi>
        </div>
        <div className="faint">{!known ? t("unknownWhy") : found.server === "" ? t("here") : t("byServer", found)}</div>
      </dd>
    </>
  );
}
