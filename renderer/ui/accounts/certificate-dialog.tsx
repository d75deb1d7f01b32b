import { ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountSettings } from "../../../shared/contract/accounts.ts";
import type { ShownCertificate } from "../../../shared/contract/certificates.ts";
import type { AccountId } from "../../../shared/ids.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { formatDate } from "../../i18n/format.ts";
import { type Look, lookAtCertificate } from "../../state/certificates.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";

type Props = {
  settings: AccountSettings;
  side: "incoming" | "outgoing";
  accountId: AccountId | null;
  /** Pins the one that is shown, or (null) unpins. */
  onPin(certificate: ShownCertificate | null): void;
  onClose(): void;
};

/** What a server shows, with everything that somebody has to compare before trusting it by hand. */
export function CertificateDialog({ settings, side, accountId, onPin, onClose }: Props): ReactNode {
  const { t } = useTranslation("certificates");
  const [look, setLook] = useState<Look>({ kind: "looking" });
  useEffect(() => {
    let gone = false;
    void lookAtCertificate(settings, side, accountId).then((found) => {
      if (!gone) setLook(found);
    });
    return () => {
      gone = true;
    };
  }, [settings, side, accountId]);
  const { host, port, pinned } = settings[side];
  return (
    <Dialog title={t("title", { host, port })} onClose={onClose}>
      <div aria-live="polite">
        {look.kind === "looking" && <p className="dialog-text muted">{t("looking")}</p>}
        {look.kind === "failed" && <p className="dialog-text">{failureText(look.failure)}</p>}
        {look.kind === "shown" && <Facts certificate={look.certificate} pinned={pinned?.sha256 ?? null} />}
      </div>
      <div className="dialog-actions">
        <Button autoFocus onPress={onClose}>
          {t("close")}
        </Button>
        {look.kind === "shown" && look.certificate.trust === "none" && (
          <Button look="danger" onPress={() => onPin(look.certificate)}>
            {t(pinned === undefined ? "pin" : "pinNew")}
          </Button>
        )}
        {look.kind === "shown" && pinned !== undefined && look.certificate.trust !== "none" && (
          <Button onPress={() => onPin(null)}>{t("unpin")}</Button>
        )}
      </div>
    </Dialog>
  );
}

function Facts({ certificate, pinned }: { certificate: ShownCertificate; pinned: string | null }): ReactNode {
  const { t } = useTranslation("certificates");
  const { trust, sha256, subject, issuer, names, validFrom, validTo, protocol, cipher, selfSigned, wrongName } = certificate;
  const changed = pinned !== null && pinned !== sha256 && trust === "none";
  const rows: readonly (readonly [string, string])[] = [
    [t("subject"), subject],
    [t("issuer"), selfSigned ? t("itself") : issuer],
    [t("names"), names.join(", ")],
    [t("valid"), t("validRange", { from: formatDate(validFrom), to: formatDate(validTo) })],
    [t("line"), `${protocol} · ${cipher}`],
  ];
  return (
    <div className="certificate-facts">
      {trust === "authority" && <Banner slim tone="quiet" icon={ShieldCheck} head={t("trusted", { issuer })} />}
      {trust === "pinned" && <Banner slim tone="quiet" icon={ShieldCheck} head={t("pinned")} />}
      {trust === "none" && (
        <Banner tone={changed ? "bad" : "warn"} icon={changed ? ShieldAlert : ShieldQuestion} head={t(changed ? "changed" : "unknown")}>
          {t(changed ? "changedMore" : wrongName ? "unknownName" : "unknownMore")}
        </Banner>
      )}
      <dl className="certificate">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {changed && <Fingerprint label={t("fingerprintPinned")} sha256={pinned} />}
        <Fingerprint label={t(changed ? "fingerprintNew" : "fingerprint")} sha256={sha256} />
      </dl>
    </div>
  );
}

/** In pairs, so that they can be read out and compared. */
function Fingerprint({ label, sha256 }: { label: string; sha256: string }): ReactNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="fingerprint">{(sha256.match(/../gu) ?? []).join(" ").toUpperCase()}</dd>
    </div>
  );
}
