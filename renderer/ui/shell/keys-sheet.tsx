import { Search, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Dialog, Heading, Input, Modal, ModalOverlay, TextField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { COMMAND_GROUPS, COMMANDS, keyOf } from "../../state/commands.ts";
import { goTo } from "../../state/route.ts";
import { showOver } from "../../state/shell.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Keys } from "../parts/keys.tsx";

const close = (): void => showOver(null);

/** Every key there is, by what it is for. */
export function KeysSheet(): ReactNode {
  const { t } = useTranslation("commands");
  const [find, setFind] = useState("");
  const wanted = find.trim().toLowerCase();
  const shown = COMMANDS.filter(
    (command) => wanted === "" || t(command.id).toLowerCase().includes(wanted) || keyOf(command).toLowerCase() === wanted,
  );
  return (
    <ModalOverlay isOpen isDismissable className="veil" onOpenChange={(open) => !open && close()}>
      <Modal className="dialog sheet">
        <Dialog>
          <div className="keys-head">
            <Heading slot="title" className="dialog-title">
              {t("sheet.title")}
            </Heading>
            <span className="row muted">
              {t("sheet.press")} <kbd>?</kbd> {t("sheet.anywhere")}
            </span>
            <TextField className="field" aria-label={t("sheet.find")} value={find} onChange={setFind} autoFocus>
              <span className="field-box">
                <Icon of={Search} />
                <Input placeholder={t("sheet.find")} />
              </span>
            </TextField>
            <IconButton icon={X} label={t("common:close")} onPress={close} />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls in small windows, so the keyboard must reach it */}
          <div className="keys-grid" tabIndex={0} role="group" aria-label={t("sheet.title")}>
            {shown.length === 0 && <p className="muted">{t("sheet.none")}</p>}
            {COMMAND_GROUPS.map((group) => {
              const commands = shown.filter((command) => command.group === group);
              if (commands.length === 0) return null;
              return (
                <section key={group}>
                  <h3>{t(`group.${group}`)}</h3>
                  {commands.map((command) => (
                    <div className="keys-line" key={command.id}>
                      <span>{t(command.id)}</span>
                      <Keys of={keyOf(command)} />
                    </div>
                  ))}
                </section>
              );
            })}
          </div>
          <div className="keys-foot">
            <span>{t("sheet.note")}</span>
            <Button
              look="link"
              onPress={() => {
                close();
                goTo({ page: "settings", section: "shortcuts" });
              }}
            >
              {t("sheet.change")}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
