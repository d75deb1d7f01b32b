import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isLoopback, isUsualPort, type ServerErrors, type ServerFields, usualPort } from "../../state/server-form.ts";
import { Field } from "../parts/field.tsx";
import { Select } from "../parts/select.tsx";

type Props = {
  value: ServerFields;
  /** Which server, for the ear. */
  name: string;
  spoken: "imap" | "pop3" | "smtp";
  errors: ServerErrors;
  onChange(change: Partial<ServerFields>): void;
  autoFocus?: boolean;
};

/** Host, port, security and user of one server, each checked where it stands. */
export function ServerFieldRows({ value, name, spoken, errors, onChange, autoFocus = false }: Props): ReactNode {
  const { t } = useTranslation("accounts");
  const error = (field: keyof ServerFields): { error?: string } => {
    const key = errors[field];
    return key === undefined ? {} : { error: t(`manual.error.${key}`) };
  };
  return (
    <>
      <Field
        label={t("manual.host")}
        value={value.host}
        onChange={(host) => onChange({ host })}
        spellCheck="false"
        autoFocus={autoFocus}
        {...error("host")}
      />
      <div className="server-line">
        <Field label={t("manual.port")} value={value.port} inputMode="numeric" onChange={(port) => onChange({ port })} {...error("port")} />
        <div>
          <span className="field-label" aria-hidden="true">
            {t("manual.security")}
          </span>
          <Select
            label={`${t("manual.security")}, ${name}`}
            value={value.security}
            choices={securities(value.host).map((one) => ({ value: one, label: t(`manual.${one}`) }))}
            onChange={(security) =>
              onChange({ security, ...(isUsualPort(spoken, value.port) ? { port: usualPort(spoken, security) } : {}) })
            }
          />
          {errors.security !== undefined && <span className="field-error">{t("manual.error.plain")}</span>}
        </div>
      </div>
      <Field
        label={t("manual.user")}
        value={value.user}
        onChange={(user) => onChange({ user })}
        hint={t("manual.sameUser")}
        {...error("user")}
      />
    </>
  );
}

/** Without encryption only servers on this very computer can be chosen. */
function securities(host: string): readonly ServerFields["security"][] {
  return isLoopback(host.trim()) ? ["tls", "starttls", "plain"] : ["tls", "starttls"];
}
