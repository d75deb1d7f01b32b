import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountSummary, OutgoingServer } from "../../../shared/contract/accounts.ts";
import { agreeTo, moveOutgoing } from "../../state/outgoing-servers.ts";
import { Button } from "../parts/button.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Switch } from "../parts/switch.tsx";
import { Tag } from "../parts/tag.tsx";
import { OutgoingForm } from "./outgoing-form.tsx";
import { serverText } from "./server-text.ts";
import { SetRow } from "./set-row.tsx";

/** The outgoing servers of an account in their order, and what the user agrees to when one of them takes nothing. */
export function OutgoingServers({ account }: { account: AccountSummary }): ReactNode {
  const { t } = useTranslation("sending");
  const [open, setOpen] = useState<OutgoingServer["id"] | "new" | null>(null);
  const close = (): void => setOpen(null);
  const { furtherOutgoing, settings } = account;
  return (
    <section aria-label={t("further.title")}>
      <h2 className="section-title">{t("further.title")}</h2>
      <div className="setcard">
        <SetRow label={serverText(settings.outgoing)} hint={settings.outgoing.user}>
          <Tag>{t("further.first")}</Tag>
        </SetRow>
        {furtherOutgoing.map((server, at) =>
          open === server.id ? (
            <OutgoingForm key={server.id} account={account} server={server} onClose={close} />
          ) : (
            <FurtherRow key={server.id} account={account} server={server} at={at} onEdit={() => setOpen(server.id)} />
          ),
        )}
        {open === "new" && <OutgoingForm account={account} server={null} onClose={close} />}
        {furtherOutgoing.length > 0 && <Agreement account={account} />}
      </div>
      {open === null && (
        <Button className="set-add" onPress={() => setOpen("new")}>
          {t("further.add")}
        </Button>
      )}
    </section>
  );
}

type RowProps = { account: AccountSummary; server: OutgoingServer; at: number; onEdit(): void };

function FurtherRow({ account, server, at, onEdit }: RowProps): ReactNode {
  const { t } = useTranslation("sending");
  const { host, user } = server.settings;
  const { furtherOutgoing } = account;
  const move = (by: -1 | 1) => () => moveOutgoing(account.id, furtherOutgoing, server.id, by);
  return (
    <SetRow label={serverText(server.settings)} hint={user}>
      {furtherOutgoing.length > 1 && (
        <span className="row">
          <IconButton icon={ArrowUp} iconSize={16} label={t("further.earlier", { host })} isDisabled={at === 0} onPress={move(-1)} />
          <IconButton
            icon={ArrowDown}
            iconSize={16}
            label={t("further.later", { host })}
            isDisabled={at === furtherOutgoing.length - 1}
            onPress={move(1)}
          />
        </span>
      )}
      <Button aria-label={t("settings:accounts.editOf", { name: host })} onPress={onEdit}>
        {t("settings:accounts.edit")}
      </Button>
    </SetRow>
  );
}

function Agreement({ account: { id, fallback } }: { account: AccountSummary }): ReactNode {
  const { t } = useTranslation("sending");
  return (
    <>
      <SetRow label={t("further.unreachable")} hint={t("further.unreachableHint")}>
        <Switch
          aria-label={t("further.unreachable")}
          isSelected={fallback !== "none"}
          onChange={(on) => agreeTo(id, on ? "unreachable" : "none")}
        />
      </SetRow>
      <SetRow label={t("further.limits")} hint={t("further.limitsHint")}>
        <Switch
          aria-label={t("further.limits")}
          isSelected={fallback === "limits"}
          isDisabled={fallback === "none"}
          onChange={(on) => agreeTo(id, on ? "limits" : "unreachable")}
        />
      </SetRow>
    </>
  );
}
