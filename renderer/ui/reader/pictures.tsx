import { EyeOff } from "lucide-react";
import { type ReactNode, useState } from "react";
import { MenuTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { domainOf } from "../../../shared/address.ts";
import type { MessageBody } from "../../../shared/contract/mail.ts";
import { showPictures } from "../../state/reader.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Menu, MenuItem } from "../parts/menu.tsx";

/** Whom the message wanted to contact, and that nobody was. */
export function Pictures({ body }: { body: MessageBody }): ReactNode {
  const { t } = useTranslation("mail");
  const [listed, setListed] = useState(false);
  const count = body.remoteHosts.length;
  if (count === 0 || body.picturesAllowed) return null;
  const sender = body.head.from[0]?.address ?? "";
  const id = body.head.placementId;
  return (
    <div className="body-notes">
      <Banner
        tone="quiet"
        slim
        icon={EyeOff}
        head={t("pictures.head", { count })}
        actions={
          <>
            <Button size="small" look="plain" aria-expanded={listed} onPress={() => setListed(!listed)}>
              {t(listed ? "pictures.hideList" : "pictures.list")}
            </Button>
            <MenuTrigger>
              <Button size="small">{t("pictures.show")}</Button>
              <Menu label={t("pictures.show")} popover={{ placement: "bottom end" }}>
                <MenuItem label={t("pictures.once")} onAction={() => showPictures(id, "once")} />
                {sender !== "" && <MenuItem label={t("pictures.sender", { sender })} onAction={() => showPictures(id, "sender")} />}
                {sender !== "" && (
                  <MenuItem label={t("pictures.domain", { domain: domainOf(sender) })} onAction={() => showPictures(id, "domain")} />
                )}
              </Menu>
            </MenuTrigger>
          </>
        }
      >
        <span className="muted">{t("pictures.text")}</span>
      </Banner>
      {listed && (
        <ul className="hosts mono">
          {body.remoteHosts.map((host) => (
            <li key={host}>{host}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
