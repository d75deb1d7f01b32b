import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { looksLikeAddress } from "../../../shared/address.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { sentences } from "../../i18n/sentences.ts";
import { usePolicy } from "../../state/policy.ts";
import { patchWizard, submitAddress, useWizard } from "../../state/wizard.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";

const PROVIDERS = [
  { label: "Gmail", domain: "gmail.com" },
  { label: "Outlook", domain: "outlook.com" },
  { label: "iCloud", domain: "icloud.com" },
  { label: "QQ 邮箱", domain: "qq.com", lang: "zh-CN" },
  { label: "网易 163", domain: "163.com", lang: "zh-CN" },
  { label: "Fastmail", domain: "fastmail.com" },
] as const;

type Props = {
  onDone(): void;
  /** Something else is the deed that is proposed first. */
  ahead?: boolean;
};

/** The one field that begins an account. A known provider writes its half of the address. */
export function AddressForm({ onDone, ahead = false }: Props): ReactNode {
  const { t } = useTranslation("accounts");
  const { address, busy, failure } = useWizard();
  const begin = usePolicy((state) => state.policy?.address ?? "");
  // What the organisation has named stands there until something is typed.
  useEffect(() => {
    const { address: typed, personName } = useWizard.getState();
    const policy = usePolicy.getState().policy;
    if (begin !== "" && typed === "") patchWizard({ address: begin, personName: personName || (policy?.personName ?? "") });
  }, [begin]);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const whole = looksLikeAddress(address.trim());
  const domain = address.slice(address.lastIndexOf("@") + 1).trim();
  useEffect(() => {
    form.current?.querySelector("input")?.focus();
  }, []);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (!whole) return;
    await submitAddress();
    if (useWizard.getState().stage !== "address") onDone();
  };
  const choose = (wanted: string): void => {
    const name = address.split("@")[0]?.trim() ?? "";
    patchWizard({ address: `${name}@${wanted}`, failure: null });
    const input = form.current?.querySelector("input");
    // After the new text is in the field: the caret stands where the name is missing.
    requestAnimationFrame(() => {
      input?.focus();
      input?.setSelectionRange(name.length, name.length);
    });
  };
  const byHand = (): void => {
    patchWizard({ stage: "servers", failure: null });
    onDone();
  };
  const error = tried && !whole ? t("first.bad") : failure === null ? null : sentences(t("first.failed"), failureText(failure));
  return (
    <form ref={form} onSubmit={(event) => void submit(event)} noValidate>
      <div className="address-line">
        <Field
          label={t("first.address")}
          value={address}
          onChange={(value) => patchWizard({ address: value, failure: null })}
          type="email"
          inputMode="email"
          autoComplete="email"
          isDisabled={busy}
          {...(error === null ? {} : { error })}
        />
        <Button type="submit" {...(ahead ? {} : { look: "primary" })} size="big" isDisabled={busy}>
          {t(busy ? "first.looking" : "first.next")}
        </Button>
      </div>
      {error === null && <p className="field-hint">{whole ? t("first.found", { domain }) : t("first.hint")}</p>}
      <ul className="providers" aria-label={t("first.providers")}>
        {PROVIDERS.map((provider) => (
          <li key={provider.domain}>
            <AriaButton className="provider" onPress={() => choose(provider.domain)}>
              <span lang={"lang" in provider ? provider.lang : undefined}>{provider.label}</span>
            </AriaButton>
          </li>
        ))}
        <li>
          <AriaButton className="provider" onPress={byHand}>
            {t("first.other")}
          </AriaButton>
        </li>
      </ul>
    </form>
  );
}
