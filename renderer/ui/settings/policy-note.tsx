import { Building2, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { sentences } from "../../i18n/sentences.ts";
import { usePolicy } from "../../state/policy.ts";
import { Banner } from "../parts/banner.tsx";

/** Who manages this Satchel, or that a policy is not in force. */
export function PolicyNote(): ReactNode {
  const { t } = useTranslation("policy");
  const policy = usePolicy((state) => state.policy);
  if (policy === null) return null;
  const { organisation, place, problem, onlyDomains } = policy;
  if (problem !== null)
    return (
      <Banner tone="warn" icon={TriangleAlert} head={t("brokenHead")}>
        {t("broken", { place, problem })}
      </Banner>
    );
  return (
    <Banner tone="quiet" icon={Building2} head={t("head", { organisation })}>
      {sentences(t("more", { place }), onlyDomains !== null && t("domains", { domains: onlyDomains.join(t("mail:comma")) }))}
    </Banner>
  );
}
