import { Languages } from "lucide-react";
import type { ReactNode } from "react";
import { SubmenuTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { OFFERED_CHARSETS } from "../../../shared/charsets.ts";
import type { MessageBody } from "../../../shared/contract/mail.ts";
import type { PlacementId } from "../../../shared/ids.ts";
import { readAs } from "../../state/reading.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Menu, MenuItem, MenuRule } from "../parts/menu.tsx";

/** "Read as…" in a message's menu, for mail that lies about its charset. */
export function ReadAsItem({ placementId, body }: { placementId: PlacementId; body: MessageBody | undefined }): ReactNode {
  const { t } = useTranslation("reading");
  if (body?.state.kind !== "here") return null;
  return (
    <SubmenuTrigger>
      <MenuItem icon={Languages} label={t("readAs")} opensMore />
      <Menu label={t("readAs")} popover={{ placement: "left top" }}>
        <MenuItem label={t("readAs.auto")} ticked={body.readAs === null} onAction={() => readAs(placementId, null)} />
        <MenuRule />
        {OFFERED_CHARSETS.map((charset) => (
          <MenuItem
            key={charset}
            id={charset}
            label={t(`charset.${charset}`)}
            ticked={body.readAs === charset}
            onAction={() => readAs(placementId, charset)}
          />
        ))}
      </Menu>
    </SubmenuTrigger>
  );
}

/** Says that the user's choice holds here, and takes it back. */
export function ReadAsNote({ body }: { body: MessageBody }): ReactNode {
  const { t } = useTranslation("reading");
  if (body.readAs === null) return null;
  const sender = body.head.from[0]?.address ?? "";
  return (
    <div className="body-notes">
      <Banner
        tone="quiet"
        slim
        icon={Languages}
        head={t("readAs.head", { charset: t(`charset.${body.readAs}`) })}
        actions={
          <Button size="small" onPress={() => readAs(body.head.placementId, null)}>
            {t("readAs.undo")}
          </Button>
        }
      >
        {sender !== "" && <span className="muted">{t("readAs.sender", { sender })}</span>}
      </Banner>
    </div>
  );
}
