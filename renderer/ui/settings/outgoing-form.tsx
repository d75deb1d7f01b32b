import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountSummary, OutgoingServer } from "../../../shared/contract/accounts.ts";
import { failureParts } from "../../i18n/failure-text.ts";
import { forgetTest, useConnectionTest } from "../../state/connection-test.ts";
import { type OutgoingDraft, removeOutgoing, saveOutgoing, testOutgoing } from "../../state/outgoing-servers.ts";
import { checkServer, fieldsOf, type ServerFields, serverOf } from "../../state/server-form.ts";
import { stepsOf } from "../../state/test-steps.ts";
import { toastFailure } from "../../state/toasts.ts";
import { ServerFieldRows } from "../accounts/server-fields.tsx";
import { TestLine } from "../accounts/test-line.tsx";
import { Field } from "../parts/field.tsx";
import { FormDeeds } from "./form-deeds.tsx";
import "../accounts/accounts.css";

/** A further outgoing server: where it is, who signs in, and whether that works. */
export function OutgoingForm(props: { account: AccountSummary; server: OutgoingServer | null; onClose(): void }): ReactNode {
  const { account, server, onClose } = props;
  const { t } = useTranslation("sending");
  const [fields, setFields] = useState<ServerFields>(() =>
    server === null ? { host: "", port: "465", security: "tls", user: account.address } : fieldsOf(server.settings),
  );
  const [secret, setSecret] = useState("");
  const [tried, setTried] = useState(false);
  const errors = checkServer(fields);
  const noSecret = server === null && secret === "";
  // A test belongs to the form in which it was begun.
  useEffect(() => {
    forgetTest();
    return forgetTest;
  }, []);
  const withDraft = (deed: (draft: OutgoingDraft) => void): void => {
    setTried(true);
    if (Object.keys(errors).length > 0 || noSecret) return;
    deed({ accountId: account.id, id: server?.id ?? null, settings: serverOf(fields), secret });
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    withDraft((draft) => saveOutgoing(draft).then(onClose, toastFailure));
  };
  const label = server === null ? t("further.new") : t("further.of", { host: server.settings.host });
  return (
    <form className="identity-form" onSubmit={save} noValidate aria-label={label}>
      <ServerFieldRows
        value={fields}
        name={label}
        spoken="smtp"
        errors={tried ? errors : {}}
        onChange={(change) => setFields((now) => ({ ...now, ...change }))}
        autoFocus
      />
      <Field
        label={t("accounts:manual.password")}
        type="password"
        value={secret}
        autoComplete="off"
        onChange={setSecret}
        {...(server === null ? {} : { hint: t("further.keepSecret") })}
        {...(tried && noSecret ? { error: t("accounts:manual.error.password") } : {})}
      />
      <TestLines />
      <FormDeeds
        remove={
          server === null ? null : { label: t("further.remove"), run: () => void removeOutgoing(server.id).then(onClose, toastFailure) }
        }
        test={{ label: t("accounts:manual.test"), run: () => withDraft(testOutgoing) }}
        onCancel={onClose}
      />
    </form>
  );
}

/** The test as it runs, step by step, as in the wizard. */
function TestLines(): ReactNode {
  const { t } = useTranslation("sending");
  const { test } = useConnectionTest();
  if (test.kind === "lost") {
    const { head, text } = failureParts(test.failure);
    return (
      <div className="test-why" role="alert">
        <b>{head}</b>
        <p>{text}</p>
      </div>
    );
  }
  if (test.kind !== "shown") return null;
  const over = test.state.state !== "running";
  return (
    <section className="outgoing-test" aria-label={t("further.test")}>
      <span className="hidden" role="status">
        {over && t(test.state.state === "passed" ? "further.testPassed" : "further.testFailed")}
      </span>
      <ol>
        {stepsOf(test.state, "outgoing").map((step) => (
          <TestLine key={step.stage} step={step} server={undefined} over={over} />
        ))}
      </ol>
    </section>
  );
}
