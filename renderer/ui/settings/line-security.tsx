import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountSettings, AccountSummary } from "../../../shared/contract/accounts.ts";
import { client } from "../../client/engine.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { type Look, lookAtCertificate, withPinned } from "../../state/certificates.ts";
import { toastFailure } from "../../state/toasts.ts";
import { CertificateDialog } from "../accounts/certificate-dialog.tsx";
import { Button } from "../parts/button.tsx";
import { SetRow } from "./set-row.tsx";

type Side = "incoming" | "outgoing";

/** How the lines of an account are secured: version, cipher and who vouches for the server, as seen now. */
export function LineSecurity({ account }: { account: AccountSummary }): ReactNode {
  const sides = (["incoming", "outgoing"] as const).filter((side) => account.settings[side].security !== "plain");
  if (sides.length === 0) return null;
  return (
    <div className="setcard">
      {sides.map((side) => (
        <SideRow key={side} account={account} side={side} />
      ))}
    </div>
  );
}

function SideRow({ account, side }: { account: AccountSummary; side: Side }): ReactNode {
  const { t } = useTranslation("certificates");
  const { id, settings } = account;
  const [look, setLook] = useState<Look>({ kind: "looking" });
  const [open, setOpen] = useState(false);
  // The settings are a new object with every reading of the accounts; what they say is not.
  const asked = JSON.stringify(settings);
  useEffect(() => {
    let gone = false;
    setLook({ kind: "looking" });
    const now: AccountSettings = JSON.parse(asked);
    void lookAtCertificate(now, side, id).then((found) => {
      if (!gone) setLook(found);
    });
    return () => {
      gone = true;
    };
  }, [asked, side, id]);
  return (
    <SetRow label={t(`settings.${side}`)} hint={<span role="status">{useHint(look)}</span>}>
      <Button onPress={() => setOpen(true)}>{t("show")}</Button>
      {open && (
        <CertificateDialog
          settings={settings}
          side={side}
          accountId={id}
          onPin={(certificate) => {
            client.request("accounts.update", { accountId: id, settings: withPinned(settings, side, certificate) }).catch(toastFailure);
            setOpen(false);
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </SetRow>
  );
}

function useHint(look: Look): string {
  const { t } = useTranslation("certificates");
  if (look.kind === "looking") return t("looking");
  if (look.kind === "failed") return failureText(look.failure);
  const { protocol, cipher, issuer, trust, lastResumed } = look.certificate;
  const vouched = trust === "authority" ? t("settings.by", { issuer }) : t(`settings.${trust}`);
  const began = lastResumed === null ? [] : [t(lastResumed ? "settings.resumed" : "settings.full")];
  return [protocol, cipher, vouched, ...began].join(" · ");
}
