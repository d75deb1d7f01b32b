import { FileDown, Printer } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MessageHead } from "../../../shared/contract/mail.ts";
import { printMessages, savePdf } from "../../state/print.ts";
import { useReader } from "../../state/reader.ts";
import { useSession } from "../../state/session.ts";
import { MenuItem } from "../parts/menu.tsx";

/** One message or all of its conversation, on paper or as a file. */
export function PrintItems({ message }: { message: MessageHead }): ReactNode {
  const { t } = useTranslation("preview");
  const writesFiles = useSession((state) => state.hello?.host === "electron");
  const messages = useReader((state) => state.messages);
  const all = (messages ?? [message]).map(({ placementId }) => placementId);
  return (
    <>
      <MenuItem icon={Printer} label={t("print.message")} onAction={() => printMessages([message.placementId])} />
      {all.length > 1 && <MenuItem icon={Printer} label={t("print.conversation")} onAction={() => printMessages(all)} />}
      {writesFiles && <MenuItem icon={FileDown} label={t("print.pdf")} onAction={() => savePdf([message.placementId])} />}
    </>
  );
}
