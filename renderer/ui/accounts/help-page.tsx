import type { LucideIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { client } from "../../client/engine.ts";
import { toastFailure } from "../../state/toasts.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";

/** Opens a provider's page in the system's browser, and writes its address out where no browser can be opened. */
export function HelpPage({ url, label, icon, look }: { url: string; label: string; icon: LucideIcon; look?: "link" }): ReactNode {
  const { t } = useTranslation("accounts");
  const [failed, setFailed] = useState(false);
  const open = (): void => {
    client.request("health.openLink", { url }).then(({ opened }) => setFailed(!opened), toastFailure);
  };
  return (
    <span className="help-page">
      <Button onPress={open} {...(look === undefined ? {} : { look })}>
        <Icon of={icon} />
        {label}
      </Button>
      {failed && (
        <span className="caption muted" role="status">
          {t("secret.notOpened", { url })}
        </span>
      )}
    </span>
  );
}
