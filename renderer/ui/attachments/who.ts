import type { TFunction } from "i18next";
import type { AttachmentRow } from "../../../shared/contract/attachments.ts";

/** Whose file it is, in words. */
export function whoOf({ person, outgoing }: Pick<AttachmentRow, "person" | "outgoing">, t: TFunction<"attachments">): string {
  const who = person === null ? "" : person.name || person.address;
  if (who === "") return t("mail:nobody");
  return outgoing ? t("to", { who }) : who;
}
