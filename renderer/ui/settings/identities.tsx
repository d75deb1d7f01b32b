import { type FormEvent, type ReactNode, useState } from "react";
import { Label, TextArea, TextField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { looksLikeAddress } from "../../../shared/address.ts";
import type { AccountSummary, Identity } from "../../../shared/contract/accounts.ts";
import { client } from "../../client/engine.ts";
import { toastFailure } from "../../state/toasts.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { Switch } from "../parts/switch.tsx";
import { Tag } from "../parts/tag.tsx";
import { SetRow } from "./set-row.tsx";

/** The senders of an account, each with a name and a signature. */
export function Identities({ account }: { account: AccountSummary }): ReactNode {
  const { t } = useTranslation("settings");
  const [open, setOpen] = useState<Identity["id"] | "new" | null>(null);
  const close = (): void => setOpen(null);
  return (
    <section aria-label={t("accounts.identities")}>
      <h2 className="section-title">{t("accounts.identities")}</h2>
      <div className="setcard">
        {account.identities.map((identity) =>
          open === identity.id ? (
            <IdentityForm key={identity.id} account={account} identity={identity} onClose={close} />
          ) : (
            <SetRow key={identity.id} label={identity.name || identity.address} hint={identity.name === "" ? "" : identity.address}>
              {identity.isDefault && <Tag>{t("accounts.identityDefault")}</Tag>}
              <Button aria-label={t("accounts.editOf", { name: identity.address })} onPress={() => setOpen(identity.id)}>
                {t("accounts.edit")}
              </Button>
            </SetRow>
          ),
        )}
        {open === "new" && <IdentityForm account={account} identity={null} onClose={close} />}
      </div>
      {open === null && (
        <Button className="set-add" onPress={() => setOpen("new")}>
          {t("accounts.identityAdd")}
        </Button>
      )}
    </section>
  );
}

function IdentityForm({ account, identity, onClose }: { account: AccountSummary; identity: Identity | null; onClose(): void }): ReactNode {
  const { t } = useTranslation("settings");
  const [name, setName] = useState(identity?.name ?? "");
  const [address, setAddress] = useState(identity?.address ?? account.address);
  const [signature, setSignature] = useState(identity?.signature ?? "");
  const [isDefault, setDefault] = useState(identity?.isDefault ?? false);
  const [tried, setTried] = useState(false);
  const bad = !looksLikeAddress(address.trim());
  const save = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (bad) return;
    client
      .request("accounts.saveIdentity", {
        id: identity?.id ?? null,
        accountId: account.id,
        name: name.trim(),
        address: address.trim(),
        signature,
        isDefault,
      })
      .then(onClose, toastFailure);
  };
  const label = identity === null ? t("accounts.identityNew") : t("accounts.identityOf", { address: identity.address });
  return (
    <form className="identity-form" onSubmit={save} noValidate aria-label={label}>
      <div className="identity-line">
        <Field label={t("accounts.identityName")} value={name} onChange={setName} maxLength={200} autoFocus />
        <Field
          label={t("accounts.identityAddress")}
          value={address}
          onChange={setAddress}
          type="email"
          {...(tried && bad ? { error: t("accounts.identityBad") } : {})}
        />
      </div>
      <TextField className="field" value={signature} onChange={setSignature} maxLength={20_000}>
        <Label className="field-label">{t("accounts.identitySignature")}</Label>
        <TextArea className="signature-box" rows={4} />
        <span className="field-hint">{t("accounts.identitySignatureHint")}</span>
      </TextField>
      {/* The standard sender can only be changed by making another one standard. */}
      <Switch isSelected={isDefault} isDisabled={identity?.isDefault === true} onChange={setDefault}>
        {t("accounts.identityDefault")}
      </Switch>
      <div className="row">
        {identity !== null && account.identities.length > 1 && (
          <Button
            look="plain"
            onPress={() => client.request("accounts.removeIdentity", { identityId: identity.id }).then(onClose, toastFailure)}
          >
            {t("accounts.identityRemove")}
          </Button>
        )}
        <span className="grow" />
        <Button onPress={onClose}>{t("accounts.cancel")}</Button>
        <Button type="submit" look="primary">
          {t("accounts.save")}
        </Button>
      </div>
    </form>
  );
}
