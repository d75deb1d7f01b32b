import { Contrast, TextInitial, ZoomIn } from "lucide-react";
import type { ReactNode } from "react";
import { SubmenuTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { MessageBody } from "../../../shared/contract/mail.ts";
import { formatPercent } from "../../i18n/format.ts";
import { keyTextOf } from "../../state/commands.ts";
import { zoomMessage } from "../../state/message-zoom.ts";
import { switchOriginal, useOriginal } from "../../state/original-colours.ts";
import { changeSettings, useSettings } from "../../state/settings.ts";
import { Menu, MenuItem, MenuRule } from "../parts/menu.tsx";

/** How a message is looked at, in its menu: its size, its own colours or those for the dark, plain text in even columns. */
export function LookItems({ body }: { body: MessageBody | undefined }): ReactNode {
  const { t } = useTranslation("reading");
  const { messageZoom, plainTextMonospace } = useSettings((state) => state.settings);
  const original = useOriginal(body);
  if (body?.state.kind !== "here") return null;
  const dark = document.documentElement.dataset["theme"] === "dark";
  return (
    <>
      <SubmenuTrigger>
        <MenuItem icon={ZoomIn} label={`${t("zoom")} · ${formatPercent(messageZoom / 100)}`} opensMore />
        <Menu label={t("zoom")} popover={{ placement: "left top" }}>
          <MenuItem label={t("zoom.in")} shortcut={keyTextOf("zoomIn")} onAction={() => zoomMessage(1)} />
          <MenuItem label={t("zoom.out")} shortcut={keyTextOf("zoomOut")} onAction={() => zoomMessage(-1)} />
          <MenuRule />
          <MenuItem
            label={t("zoom.reset")}
            shortcut={keyTextOf("zoomReset")}
            ticked={messageZoom === 100}
            onAction={() => zoomMessage(0)}
          />
        </Menu>
      </SubmenuTrigger>
      {body.htmlUrl === null ? (
        <MenuItem
          icon={TextInitial}
          label={t("monospace")}
          ticked={plainTextMonospace}
          onAction={() => changeSettings({ plainTextMonospace: !plainTextMonospace })}
        />
      ) : (
        dark && (
          <MenuItem
            icon={Contrast}
            label={t("mail:do.originalColours")}
            shortcut={keyTextOf("originalColours")}
            ticked={original}
            onAction={() => switchOriginal(body)}
          />
        )
      )}
    </>
  );
}
