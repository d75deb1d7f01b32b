import { type ReactNode, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatAhead } from "../../i18n/format.ts";
import { canHold, offersOf, send } from "../../state/composer-sending.ts";
import type { OpenComposer } from "../../state/composers.ts";
import { asInput, fromInput, laterChoices, ownZone } from "../../state/send-later.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { useNow } from "../parts/now.ts";

const YEAR_MS = 365 * 86_400_000;

/** Chooses the moment at which a message goes, on this computer's clock. */
export function SendLaterDialog({ composer, onClose }: { composer: OpenComposer; onClose(): void }): ReactNode {
  const { t } = useTranslation("sending");
  const now = useNow(1000);
  const zone = ownZone();
  const id = useId();
  const [text, setText] = useState(() => asInput(laterChoices(Date.now(), zone)[0]?.at ?? Date.now(), zone));
  const at = fromInput(text, zone);
  const [offers, setOffers] = useState<Awaited<ReturnType<typeof offersOf>>>(null);
  const [held, setHeld] = useState(false);
  const { accountId } = composer.draft;
  useEffect(() => {
    let open = true;
    offersOf(accountId).then(
      (found) => open && setOffers(found),
      () => undefined,
    );
    return () => {
      open = false;
    };
  }, [accountId]);
  const possible = at !== null && at > now && at < now + YEAR_MS;
  const holdable = possible && canHold(offers, at, now);
  return (
    <Dialog title={t("later.title")} onClose={onClose}>
      <p className="dialog-text">{t(held && holdable ? "later.textHeld" : "later.text")}</p>
      <div className="send-later">
        <label className="set-label" htmlFor={id}>
          {t("later.when")}
        </label>
        <input id={id} type="datetime-local" value={text} min={asInput(now, zone)} onChange={(event) => setText(event.target.value)} />
        <span className="muted" role="status">
          {possible ? t("later.goes", { when: formatAhead(at, now), zone: zone.replaceAll("_", " ") }) : t("later.past")}
        </span>
        {offers !== null && offers.hold !== null && (
          <label className="send-later-hold">
            <input type="checkbox" checked={held && holdable} disabled={!holdable} onChange={(event) => setHeld(event.target.checked)} />
            <span>
              {t("later.hold")} <span className="muted">{t(holdable ? "later.holdMore" : "later.holdTooFar")}</span>
            </span>
          </label>
        )}
      </div>
      <div className="dialog-actions">
        <Button onPress={onClose}>{t("later.cancel")}</Button>
        <Button
          look="primary"
          isDisabled={!possible}
          onPress={() => {
            if (!possible) return;
            onClose();
            void send(composer.key, { sendAt: at, holdAtServer: held && holdable });
          }}
        >
          {t(held && holdable ? "later.goHeld" : "later.go")}
        </Button>
      </div>
    </Dialog>
  );
}
