import { X } from "lucide-react";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { looksLikeAddress } from "../../../shared/address.ts";
import type { SenderRule } from "../../../shared/contract/senders.ts";
import { asFailure } from "../../../shared/failure.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { judge, nameOfRule, useSenderRules } from "../../state/senders.ts";
import { toastFailure } from "../../state/toasts.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { IconButton } from "../parts/icon-button.tsx";

/** Whose mail goes to Junk and whose never does: seen, taken back, and added by hand. */
export function SendersCard(): ReactNode {
  const rules = useSenderRules();
  if (rules === null) return null;
  return (
    <div className="setcard remembered">
      <RuleList verdict="block" rules={rules.filter(({ verdict }) => verdict === "block")} />
      <RuleList verdict="allow" rules={rules.filter(({ verdict }) => verdict === "allow")} />
    </div>
  );
}

function RuleList({ verdict, rules }: { verdict: SenderRule["verdict"]; rules: readonly SenderRule[] }): ReactNode {
  const { t } = useTranslation("senders");
  const box = useRef<HTMLElement>(null);
  const title = t(verdict === "block" ? "blocked" : "allowed");
  // The button that was pressed goes with its line: whoever uses the keys stays in the list.
  const forget = ({ scope, value }: SenderRule): void => {
    judge(scope, value, null).catch(toastFailure);
    box.current?.focus();
  };
  return (
    <section className="remembered-list" ref={box} tabIndex={-1} aria-label={title}>
      <h2 className="set-label">{title}</h2>
      {rules.length === 0 ? (
        <p className="set-hint">{t(verdict === "block" ? "noBlocked" : "noAllowed")}</p>
      ) : (
        <ul>
          {rules.map((rule) => (
            <li key={nameOfRule(rule)}>
              <span className="grow">
                <bdi>{nameOfRule(rule)}</bdi>
                {rule.scope === "domain" && <span className="faint caption"> {t("remembered:wholeDomain")}</span>}
              </span>
              <IconButton
                icon={X}
                iconSize={16}
                className="small"
                label={t("back", { value: nameOfRule(rule) })}
                onPress={() => forget(rule)}
              />
            </li>
          ))}
        </ul>
      )}
      <AddRule verdict={verdict} />
    </section>
  );
}

function AddRule({ verdict }: { verdict: SenderRule["verdict"] }): ReactNode {
  const { t } = useTranslation("senders");
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const add = (event: FormEvent): void => {
    event.preventDefault();
    const value = typed.trim();
    if (value === "") return;
    // "shop.example" and "@shop.example" are a domain; anything else is to be an address, and is looked at by the engine.
    const scope = !looksLikeAddress(value) && value.lastIndexOf("@") <= 0 && value.includes(".") ? "domain" : "sender";
    judge(scope, value, verdict).then(
      () => {
        setTyped("");
        setWrong(null);
      },
      (error: unknown) => setWrong(failureText(asFailure(error).data())),
    );
  };
  return (
    <form className="add-rule" onSubmit={add}>
      <Field
        label={t(verdict === "block" ? "add.block" : "add.allow")}
        labelHidden
        placeholder={t("add.hint")}
        value={typed}
        error={wrong}
        onChange={(value) => {
          setTyped(value);
          setWrong(null);
        }}
      />
      <Button type="submit" isDisabled={typed.trim() === ""}>
        {t("add")}
      </Button>
    </form>
  );
}
