import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { usePolicy } from "../../state/policy.ts";
import { PROXY_KINDS, type ProxyErrors, type ProxyFields, withKind } from "../../state/proxy-form.ts";
import { Field } from "../parts/field.tsx";
import { Select } from "../parts/select.tsx";
import { proxyText } from "../settings/server-text.ts";

type Props = {
  value: ProxyFields;
  errors: ProxyErrors;
  /** There is an account, which may have a password for it already. */
  kept: boolean;
  onChange(value: ProxyFields): void;
};

/** The proxy of an account: none, the system's, or one of its own. */
export function ProxyFieldset({ value, errors, kept, onChange }: Props): ReactNode {
  const { t } = useTranslation("proxy");
  const forced = usePolicy((state) => (state.policy !== null && state.policy.proxy !== null ? state.policy : null));
  if (forced !== null)
    return (
      <p className="muted">
        {t("title")}: {proxyText(forced.proxy ?? undefined)} · {t("policy:set", { organisation: forced.organisation })}
      </p>
    );
  const own = value.kind === "http" || value.kind === "socks5";
  const set = (change: Partial<ProxyFields>): void => onChange({ ...value, ...change });
  return (
    <fieldset className="server-card proxy-card">
      <legend>{t("title")}</legend>
      <div>
        <span className="field-label" aria-hidden="true">
          {t("kind")}
        </span>
        <Select
          label={t("kind")}
          value={value.kind}
          choices={PROXY_KINDS.map((kind) => ({ value: kind, label: t(kind) }))}
          onChange={(kind) => onChange(withKind(value, kind))}
        />
        <span className="field-hint">{t(`${value.kind}Hint`)}</span>
      </div>
      {own && (
        <>
          <div className="proxy-line">
            <Field
              label={t("host")}
              value={value.host}
              onChange={(host) => set({ host })}
              spellCheck="false"
              {...(errors.host ? { error: t("error.host") } : {})}
            />
            <Field
              label={t("port")}
              value={value.port}
              inputMode="numeric"
              onChange={(port) => set({ port })}
              {...(errors.port ? { error: t("error.port") } : {})}
            />
          </div>
          <div className="proxy-line even">
            <Field label={t("user")} value={value.user} onChange={(user) => set({ user })} hint={t("userHint")} maxLength={255} />
            <Field
              label={t("password")}
              type="password"
              value={value.password}
              autoComplete="off"
              isDisabled={value.user.trim() === ""}
              onChange={(password) => set({ password })}
              maxLength={255}
              {...(kept && value.user.trim() !== "" ? { hint: t("keptPassword") } : {})}
            />
          </div>
        </>
      )}
    </fieldset>
  );
}
