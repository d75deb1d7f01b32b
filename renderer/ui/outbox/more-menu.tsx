import i18next from "i18next";
import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton, MenuTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { OutboxItem } from "../../../shared/contract/outbox.ts";
import { cancelSending, duplicate, editAgain, saveMessage, sendNow } from "../../state/outbox.ts";
import { Icon } from "../parts/icon.tsx";
import { Menu, MenuItem } from "../parts/menu.tsx";

/** The rest of what can be done, behind three dots. */
export function More({
  item,
  subject,
  details,
}: {
  item: OutboxItem;
  subject: string;
  details: { open: boolean; toggle(): void };
}): ReactNode {
  const { t } = useTranslation("outbox");
  return (
    <MenuTrigger>
      <AriaButton className="tool" aria-label={t("do.more", { subject })}>
        <Icon of={Ellipsis} size={18} />
      </AriaButton>
      <Menu label={t("do.more", { subject })}>
        {item.state === "queued" && <MenuItem label={t("do.sendNow")} onAction={() => sendNow(item.id)} />}
        {item.state !== "unknown" && <MenuItem label={t("do.edit")} onAction={() => editAgain(item.id)} />}
        {item.state !== "unknown" && <MenuItem label={t("do.cancel")} onAction={() => cancelSending(item.id, subject)} />}
        <MenuItem label={i18next.t("sending:history.save")} onAction={() => saveMessage(item.id)} />
        {item.canDuplicate && <MenuItem label={i18next.t("sending:history.duplicate")} onAction={() => duplicate(item.id)} />}
        <MenuItem label={t(details.open ? "do.less" : "do.details")} onAction={details.toggle} />
      </Menu>
    </MenuTrigger>
  );
}
