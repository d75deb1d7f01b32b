import type { Editor } from "@tiptap/react";
import { TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Address } from "../../../shared/address.ts";
import type { Identity } from "../../../shared/contract/accounts.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { useAccounts } from "../../state/accounts.ts";
import { edit } from "../../state/composer-saving.ts";
import type { OpenComposer } from "../../state/composers.ts";
import { useDomainsWithoutMail } from "../../state/mail-domains.ts";
import { type Doubt, doubtAbout } from "../../state/recipients.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { Select } from "../parts/select.tsx";
import { AddressField, type AddressFieldHandle } from "./address-field.tsx";
import { useKnownNear } from "./known-near.ts";
import { swapSignature } from "./signature.ts";

type Row = "to" | "cc" | "bcc";
type Props = { composer: OpenComposer; full: boolean; editor: Editor | null; withSubject: boolean };

/** To, Cc, Bcc, From and the subject, and the one doubt about them that comes first. */
export function AddressRows({ composer, full, editor, withSubject }: Props): ReactNode {
  const { t } = useTranslation("compose");
  const { key, content } = composer;
  const [opened, setOpened] = useState<ReadonlySet<Row>>(new Set());
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const everyone = [...content.to, ...content.cc, ...content.bcc];
  const near = useKnownNear(everyone.map((person) => person.address));
  const withoutMail = useDomainsWithoutMail(
    everyone.map((person) => person.address),
    composer.draft.accountId,
  );
  const doubtOf = (person: Address): Doubt | null => {
    const lower = person.address.toLowerCase();
    return kept.has(lower) ? null : doubtAbout(person.address, near.get(lower) ?? [], withoutMail);
  };
  const shown = (row: Row): boolean => row === "to" || opened.has(row) || content[row].length > 0;
  const rows = (["to", "cc", "bcc"] as const).filter(shown);
  const last = rows.at(-1);
  const rest = (["cc", "bcc"] as const).filter((row) => !shown(row));
  const noRecipients = composer.checks.some((check) => check.kind === "no-recipients");
  const badAddress = composer.checks.find((check) => check.kind === "bad-address")?.address;
  // What keeps the message from going comes first.
  const doubted = everyone.find((person) => person.address === badAddress) ?? everyone.find((person) => doubtOf(person) !== null);
  const fields = useRef(new Map<Row, AddressFieldHandle>());
  const fieldOf = (person: Address): AddressFieldHandle | undefined => {
    const row = rows.find((one) => content[one].includes(person));
    return row === undefined ? undefined : fields.current.get(row);
  };
  return (
    <div className="address-rows">
      {rows.map((row) => (
        <AddressField
          key={row}
          label={t(row)}
          people={content[row]}
          ref={(handle) => {
            if (handle === null) fields.current.delete(row);
            else fields.current.set(row, handle);
          }}
          doubtOf={doubtOf}
          autoFocus={(row === "to" && content.to.length === 0) || opened.has(row)}
          demand={row === "to" && noRecipients}
          onChange={(people) => edit(key, { [row]: people })}
          end={
            row === last &&
            rest.map((hidden) => (
              <AriaButton
                key={hidden}
                className="text-button"
                aria-label={t(hidden === "cc" ? "addCc" : "addBcc")}
                onPress={() => setOpened(new Set([...opened, hidden]))}
              >
                {t(hidden)}
              </AriaButton>
            ))
          }
        />
      ))}
      <FromRow composer={composer} editor={editor} />
      {withSubject && <SubjectRow composer={composer} full={full} />}
      {doubted !== undefined && (
        <DoubtBanner
          person={doubted}
          doubt={doubtOf(doubted)}
          asked={doubted.address === badAddress ? composer.checks : null}
          onEdit={() => fieldOf(doubted)?.typeAnew(doubted)}
          onKeep={() => {
            setKept(new Set([...kept, doubted.address.toLowerCase()]));
            // The button goes, and the focus with it.
            fieldOf(doubted)?.focus();
          }}
          onCorrect={(address) => {
            fieldOf(doubted)?.focus();
            const mend = (people: readonly Address[]): Address[] =>
              people.map((person) => (person === doubted ? { ...person, address } : person));
            edit(key, { to: mend(content.to), cc: mend(content.cc), bcc: mend(content.bcc) });
          }}
        />
      )}
    </div>
  );
}

function DoubtBanner({
  person,
  doubt,
  asked,
  onEdit,
  onKeep,
  onCorrect,
}: {
  person: Address;
  doubt: Doubt | null;
  /** What Send stopped at, when it was this. */
  asked: OpenComposer["checks"] | null;
  onEdit(): void;
  onKeep(): void;
  onCorrect(address: string): void;
}): ReactNode {
  const { t } = useTranslation("compose");
  const banner = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (asked !== null) banner.current?.querySelector("button")?.focus();
  }, [asked]);
  if (doubt === null) return null;
  const meant = "suggestion" in doubt ? doubt.suggestion : null;
  const domain = person.address.slice(person.address.lastIndexOf("@") + 1);
  return (
    <div className="doubt-banner" ref={banner}>
      <Banner
        tone="warn"
        slim
        icon={TriangleAlert}
        head={t(`doubt.${doubt.kind}`, { address: person.address, domain })}
        actions={
          <>
            {meant !== null && (
              <Button size="small" onPress={() => onCorrect(meant)}>
                {t("doubt.correct")}
              </Button>
            )}
            {doubt.kind === "no-address" ? (
              <Button size="small" onPress={onEdit}>
                {t("doubt.edit")}
              </Button>
            ) : (
              <Button size="small" look="plain" onPress={onKeep}>
                {t("doubt.keep")}
              </Button>
            )}
          </>
        }
      >
        {meant !== null && t("doubt.typoKnown", { suggestion: meant })}
      </Banner>
    </div>
  );
}

function FromRow({ composer, editor }: { composer: OpenComposer; editor: Editor | null }): ReactNode {
  const { t } = useTranslation("compose");
  const accounts = useAccounts((state) => state.accounts);
  const senders = accounts.flatMap((account) => account.identities);
  if (senders.length === 0) return <div className="crow faint">{t("noIdentity")}</div>;
  const change = (id: string): void => {
    const next = senders.find((sender) => String(sender.id) === id);
    const before = senders.find((sender) => sender.id === composer.content.identityId);
    if (next === undefined) return;
    if (editor !== null) swapSignature(editor, before?.signature ?? "", next.signature);
    edit(composer.key, { identityId: next.id });
  };
  return (
    <div className="crow">
      <span className="crow-label" aria-hidden="true">
        {t("from")}
      </span>
      <Select
        bare
        label={t("from")}
        value={String(composer.content.identityId)}
        choices={senders.map((sender) => ({ value: String(sender.id), label: senderText(sender), lang: langOf(sender.name) }))}
        onChange={change}
      />
    </div>
  );
}

function senderText({ name, address }: Identity): string {
  return name === "" ? address : `${name} <${address}>`;
}

function SubjectRow({ composer, full }: { composer: OpenComposer; full: boolean }): ReactNode {
  const { t } = useTranslation("compose");
  const { key, content, checks } = composer;
  const input = useRef<HTMLInputElement>(null);
  const asked = checks.some((check) => check.kind === "no-subject");
  useEffect(() => {
    if (asked) input.current?.scrollIntoView({ block: "nearest" });
  }, [asked]);
  return (
    <label className={full ? "crow subject full" : "crow subject"}>
      <span className="crow-label">{t("subject")}</span>
      <input
        ref={input}
        value={content.subject}
        lang={langOf(content.subject)}
        onChange={(event) => edit(key, { subject: event.target.value })}
        onKeyDown={(event) => {
          // Enter goes on into the text, as a letter does.
          if (event.key !== "Enter" || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          event.currentTarget.closest(".composer")?.querySelector<HTMLElement>(".mail-text")?.focus();
        }}
      />
    </label>
  );
}
