import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DirectorySettings } from "../../../shared/contract/directory.ts";
import { asFailure } from "../../../shared/failure.ts";
import { failureText } from "../../i18n/failure-text.ts";
import {
  checkDirectory,
  directoryFormOf,
  directoryHasPassword,
  directoryOfForm,
  saveDirectory,
  testDirectory,
  withSecurity,
} from "../../state/directory.ts";
import { lockedBy, usePolicy } from "../../state/policy.ts";
import { useSettings } from "../../state/settings.ts";
import { toastFailure } from "../../state/toasts.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { Select } from "../parts/select.tsx";
import { Tag } from "../parts/tag.tsx";
import { FormDeeds } from "./form-deeds.tsx";
import { SetRow } from "./set-row.tsx";
import "../accounts/accounts.css";

/** The organisation's address book: where it is, and whether it answers. */
export function DirectoryCard(): ReactNode {
  const { t } = useTranslation("directory");
  const settings = useSettings((state) => state.settings.directory);
  const organisation = usePolicy((state) => lockedBy(state.policy, "directory"));
  const [open, setOpen] = useState(false);
  const where = settings === null ? t("hint") : t("of", { host: settings.host, port: settings.port });
  return (
    <div className="setcard">
      <SetRow label={t("title")} hint={where}>
        {organisation !== null && <Tag>{t("policy:set", { organisation })}</Tag>}
        {!open && <Button onPress={() => setOpen(true)}>{t(settings === null ? "set" : "change")}</Button>}
      </SetRow>
      {open && <DirectoryFormRows settings={settings} locked={organisation !== null} onClose={() => setOpen(false)} />}
    </div>
  );
}

type Tried = { readonly kind: "none" | "running" } | { readonly kind: "told"; readonly good: boolean; readonly words: string };

function DirectoryFormRows(props: { settings: DirectorySettings | null; locked: boolean; onClose(): void }): ReactNode {
  const { settings, locked, onClose } = props;
  const { t } = useTranslation("directory");
  const [form, setForm] = useState(() => directoryFormOf(settings));
  const [secret, setSecret] = useState("");
  const [kept, setKept] = useState(false);
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState<Tried>({ kind: "none" });
  useEffect(() => {
    directoryHasPassword().then(setKept, toastFailure);
  }, []);
  const errors = shown ? checkDirectory(form) : {};
  const change = (next: typeof form): void => {
    setForm(next);
    setTried({ kind: "none" });
  };
  const deed = (work: (next: DirectorySettings, password: string | undefined) => void): void => {
    setShown(true);
    if (Object.keys(checkDirectory(form)).length === 0) work(directoryOfForm(form), secret === "" ? undefined : secret);
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    deed((next, password) => saveDirectory(next, password).then(onClose, toastFailure));
  };
  const test = (next: DirectorySettings, password: string | undefined): void => {
    setTried({ kind: "running" });
    testDirectory(next, password).then(
      (found) => setTried({ kind: "told", good: found, words: t(found ? "works" : "empty") }),
      (error: unknown) => setTried({ kind: "told", good: false, words: failureText(asFailure(error).data()) }),
    );
  };
  return (
    <form className="identity-form" onSubmit={save} noValidate aria-label={t("title")}>
      <fieldset className="directory-fields" disabled={locked}>
        <Field
          label={t("accounts:manual.host")}
          value={form.host}
          spellCheck="false"
          autoFocus={!locked}
          isDisabled={locked}
          onChange={(host) => change({ ...form, host })}
          {...(errors.host === undefined ? {} : { error: t("accounts:manual.error.host") })}
        />
        <div className="server-line">
          <Field
            label={t("accounts:manual.port")}
            value={form.port}
            inputMode="numeric"
            isDisabled={locked}
            onChange={(port) => change({ ...form, port })}
            {...(errors.port === undefined ? {} : { error: t("accounts:manual.error.port") })}
          />
          <div>
            <span className="field-label" aria-hidden="true">
              {t("accounts:manual.security")}
            </span>
            <Select
              label={t("accounts:manual.security")}
              value={form.security}
              choices={(["tls", "starttls"] as const).map((one) => ({ value: one, label: t(`accounts:manual.${one}`) }))}
              onChange={(security) => change(withSecurity(form, security))}
            />
          </div>
        </div>
        <Field
          label={t("base")}
          hint={t("baseHint")}
          value={form.base}
          isDisabled={locked}
          onChange={(base) => change({ ...form, base })}
        />
        <Field
          label={t("user")}
          hint={t("userHint")}
          value={form.bindDn}
          isDisabled={locked}
          onChange={(bindDn) => change({ ...form, bindDn })}
        />
      </fieldset>
      {form.bindDn.trim() !== "" && (
        <Field
          label={t("accounts:manual.password")}
          type="password"
          value={secret}
          autoComplete="off"
          onChange={setSecret}
          {...(kept ? { hint: t("keepSecret") } : {})}
        />
      )}
      <p className={tried.kind === "told" && !tried.good ? "field-error" : "set-hint"} role="status">
        {tried.kind === "running" && t("testing")}
        {tried.kind === "told" && tried.words}
      </p>
      <FormDeeds
        remove={
          settings === null || locked
            ? null
            : { label: t("remove"), run: () => void saveDirectory(null, undefined).then(onClose, toastFailure) }
        }
        test={{ label: t("test"), run: () => deed(test) }}
        onCancel={onClose}
      />
    </form>
  );
}
