import { Ban, CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Address } from "../../../shared/address.ts";
import type { AccountId } from "../../../shared/ids.ts";
import { useFolders } from "../../state/folders.ts";
import { blockable, judgeAloud, useRuleFor } from "../../state/senders.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { MenuItem, MenuRule } from "../parts/menu.tsx";

/** What can be said of who wrote it, in a menu. `short`: without what belongs to the open message. */
export function SenderItems({ from, short = false }: { from: Address | undefined; short?: boolean }): ReactNode {
  const { t } = useTranslation("senders");
  const who = blockable(from);
  const rule = useRuleFor(from?.address ?? "");
  if (who === null) return null;
  const { sender, domain } = who;
  const blocked = rule?.verdict === "block" ? rule : null;
  const allowed = rule?.verdict === "allow" && rule.scope === "sender";
  return (
    <>
      <MenuRule />
      {blocked === null ? (
        <MenuItem icon={Ban} label={t("block")} onAction={() => judgeAloud("sender", sender, "block")} />
      ) : (
        <MenuItem icon={Ban} label={t("unblockSender")} onAction={() => judgeAloud(blocked.scope, blocked.value, null)} />
      )}
      {domain !== null && blocked?.scope !== "domain" && (
        <MenuItem icon={Ban} label={t("blockDomain", { domain })} onAction={() => judgeAloud("domain", domain, "block")} />
      )}
      {!short && (
        <MenuItem
          icon={CircleCheck}
          label={t("allow")}
          ticked={allowed}
          onAction={() => judgeAloud("sender", sender, allowed ? null : "allow")}
        />
      )}
    </>
  );
}

/** One calm line on every message of somebody who is blocked; without a Junk folder there is nowhere to put the next one. */
export function BlockedNote({ from, accountId }: { from: Address | undefined; accountId: AccountId }): ReactNode {
  const { t } = useTranslation("senders");
  const rule = useRuleFor(from?.address ?? "");
  const hasJunk = useFolders(({ folders }) => folders.some((folder) => folder.accountId === accountId && folder.role === "junk"));
  if (rule?.verdict !== "block") return null;
  const { scope, value } = rule;
  return (
    <div className="body-notes">
      <Banner
        tone="quiet"
        slim
        icon={Ban}
        head={<bdi>{hasJunk ? t(`note.${scope}`, { value }) : t("note.noJunk", { value })}</bdi>}
        actions={
          <Button size="small" onPress={() => judgeAloud(scope, value, null)}>
            {t("unblock")}
          </Button>
        }
      />
    </div>
  );
}
