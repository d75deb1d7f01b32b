import { Plane } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { formatDay } from "../../i18n/format.ts";
import { chooseTrip, useTrip } from "../../state/trip.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Stitch } from "../parts/stitch.tsx";
import { estimateWords, readyPart } from "./words.ts";

/** The trip in the readiness popover: an offer, or how far it is. `onOpen` before the dialog covers what this stands in. */
export function TripRow({ onOpen }: { onOpen?: (() => void) | undefined }): ReactNode {
  const { t } = useTranslation("offline");
  const trip = useTrip((state) => state.trip);
  const id = useId();
  const choose = (): void => {
    onOpen?.();
    chooseTrip(true);
  };
  return (
    <div className="ready-trip">
      <Icon of={Plane} size={18} />
      <div className="grow">
        <b id={id}>{t("trip.title")}</b>
        {trip === null ? (
          <span className="caption">{t("trip.offer")}</span>
        ) : (
          <>
            <span className="caption">
              {t("trip.on", { count: trip.folderIds.length, day: formatDay(trip.until, Date.now()), takes: estimateWords(trip.estimate) })}
            </span>
            <Stitch part={readyPart(trip.estimate.readiness)} label={t("trip.title")} />
          </>
        )}
      </div>
      <Button aria-describedby={id} onPress={choose}>
        {t(trip === null ? "trip.choose" : "trip.change")}
      </Button>
    </div>
  );
}
