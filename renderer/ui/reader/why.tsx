import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { OFFERED_CHARSETS } from "../../../shared/charsets.ts";
import type { MessageWhy } from "../../../shared/contract/why.ts";
import type { PlacementId } from "../../../shared/ids.ts";
import { formatDate, formatSize } from "../../i18n/format.ts";
import { useWhy } from "../../state/why.ts";

/** By what a message was read and put where it is, where it does not say so itself. Terms of the details. */
export function Why({ placementId, adapted }: { placementId: PlacementId; adapted: boolean }): ReactNode {
  const { t } = useTranslation("reading");
  const why = useWhy(placementId);
  const charset = why?.charset ?? null;
  const conversation = why?.conversation ?? null;
  return (
    <>
      {adapted && (
        <>
          <dt>{t("why.colours")}</dt>
          <dd>{t("why.colours.adapted")}</dd>
        </>
      )}
      {charset !== null && (
        <>
          <dt>{t("why.charset")}</dt>
          <dd>{t(`why.charset.${charset.by}`, { charset: charsetName(charset.charset, t) })}</dd>
        </>
      )}
      {conversation !== null && (
        <>
          <dt>{t("why.conversation")}</dt>
          <dd>{t(`why.conversation.${conversation}`)}</dd>
        </>
      )}
    </>
  );
}

/** Why a message is not fetched before somebody opens it; nothing where it is. */
export function WhyNotKept({ placementId }: { placementId: PlacementId }): ReactNode {
  const { t } = useTranslation("reading");
  const notKept = useWhy(placementId)?.notKept ?? null;
  return notKept === null ? null : <p className="caption faint">{notKeptText(notKept, t)}</p>;
}

function notKeptText({ by, since, largestBytes }: NonNullable<MessageWhy["notKept"]>, t: TFunction<"reading">): string {
  return t(`why.notKept.${by}`, { date: formatDate(since ?? 0), size: formatSize(largestBytes ?? 0) });
}

/** In the window's words where it is one that can be chosen. */
function charsetName(charset: string, t: TFunction<"reading">): string {
  const known = OFFERED_CHARSETS.find((one) => one === charset);
  return known === undefined ? charset : t(`charset.${known}`);
}
