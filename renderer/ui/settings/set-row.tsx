import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Settings } from "../../../shared/contract/settings.ts";
import { lockedBy, usePolicy } from "../../state/policy.ts";
import { Tag } from "../parts/tag.tsx";

type Props = {
  label: ReactNode;
  hint?: ReactNode;
  /** The setting that the control changes: an organisation may have locked it. */
  setting?: keyof Settings;
  children?: ReactNode;
};

/** One setting: what it is, what it does, and its control. */
export function SetRow({ label, hint, setting, children }: Props): ReactNode {
  return (
    <div className="setrow">
      <div className="grow">
        <div className="set-label">{label}</div>
        {hint !== undefined && hint !== "" && <div className="set-hint">{hint}</div>}
      </div>
      {setting === undefined ? children : <Lockable setting={setting}>{children}</Lockable>}
    </div>
  );
}

/** A control that stands still where an organisation has set its value, and says who has. */
export function Lockable({ setting, children }: { setting: keyof Settings; children: ReactNode }): ReactNode {
  const { t } = useTranslation("policy");
  const organisation = usePolicy((state) => lockedBy(state.policy, setting));
  if (organisation === null) return children;
  return (
    <>
      <Tag>{t("set", { organisation })}</Tag>
      <fieldset className="set-locked" disabled>
        {children}
      </fieldset>
    </>
  );
}
