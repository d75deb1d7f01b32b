import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountSummary, LeaveOnServer } from "../../../shared/contract/accounts.ts";
import { client } from "../../client/engine.ts";
import { useAccounts } from "../../state/accounts.ts";
import { useHealth } from "../../state/health.ts";
import { confirmed } from "../../state/lock.ts";
import { setLimit, setPolicy } from "../../state/offline.ts";
import { goTo } from "../../state/route.ts";
import { showToast, toastFailure } from "../../state/toasts.ts";
import { mendAccount, startTest } from "../../state/wizard.ts";
import { LeaveSelect, leaveHint } from "../accounts/leave-on-server.tsx";
import { LimitSelect } from "../offline/limit-select.tsx";
import { PolicyRows } from "../offline/policy-rows.tsx";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { Switch } from "../parts/switch.tsx";
import { AccountFoldersCard } from "./account-folders-card.tsx";
import { Identities } from "./identities.tsx";
import { LineSecurity } from "./line-security.tsx";
import { OutgoingServers } from "./outgoing-servers.tsx";
import { proxyText, serverText } from "./server-text.ts";
import { SetRow } from "./set-row.tsx";
import { AccountTellingRow } from "./telling-card.tsx";

/** One account: its name, sign-in, servers, senders, and its end. */
export function AccountDetail({ accountId }: { accountId: number }): ReactNode {
  const account = useAccounts((state) => state.accounts.find((one) => one.id === accountId));
  return account === undefined ? null : <Detail account={account} />;
}

function Detail({ account }: { account: AccountSummary }): ReactNode {
  const { t } = useTranslation("settings");
  const { incoming, outgoing, browser } = account.settings;
  const toWizard = (begin: () => void): void => {
    begin();
    goTo({ page: "account", accountId: account.id });
  };
  return (
    <>
      <Trouble accountId={account.id} />
      <div className="setcard">
        <NameRow account={account} />
        <SetRow label={t("accounts.pause")} hint={t("accounts.pauseHint")}>
          <Switch
            aria-label={t("accounts.pause")}
            isSelected={!account.paused}
            onChange={(on) => void client.request("accounts.update", { accountId: account.id, paused: !on }).catch(toastFailure)}
          />
        </SetRow>
        <AccountTellingRow accountId={account.id} />
      </div>
      <div className="setcard">
        <SetRow
          label={browser === undefined ? t("accounts.password") : t("sign-in:settings.label")}
          hint={browser === undefined ? t("accounts.passwordHint") : t("sign-in:settings.hint", { name: providerName(browser) })}
        >
          <Button onPress={() => toWizard(() => mendAccount(account, "secret"))}>
            {t(browser === undefined ? "accounts.reenter" : "sign-in:settings.again")}
          </Button>
        </SetRow>
        <SetRow
          label={t("accounts.servers")}
          hint={t("accounts.serversHint", { incoming: serverText(incoming), outgoing: serverText(outgoing) })}
        >
          <Button onPress={() => toWizard(() => mendAccount(account, "servers"))}>{t("accounts.changeServers")}</Button>
        </SetRow>
        <SetRow label={t("proxy:row")} hint={proxyText(account.settings.proxy)}>
          <Button onPress={() => toWizard(() => mendAccount(account, "servers"))}>{t("proxy:mend")}</Button>
        </SetRow>
        {account.settings.protocol === "pop3" && <LeaveRow account={account} />}
        <SetRow label={t("accounts.retest")} hint={t("accounts.retestHint")}>
          <Button
            onPress={() =>
              toWizard(() => {
                mendAccount(account, "secret");
                void startTest();
              })
            }
          >
            {t("accounts.retest")}
          </Button>
        </SetRow>
      </div>
      <LineSecurity account={account} />
      {account.settings.protocol === "imap" && (
        <div className="setcard">
          <PolicyRows policy={account.offline} onChange={(policy) => setPolicy(account.id, null, policy)} />
          <SetRow label={t("offline:limit.label")} hint={t("offline:limit.accountHint")}>
            <LimitSelect megabytes={account.keepAtMostMb} onChange={(megabytes) => setLimit(account.id, megabytes)} />
          </SetRow>
        </div>
      )}
      <AccountFoldersCard accountId={account.id} />
      <Identities account={account} />
      <OutgoingServers account={account} />
      <RemoveCard account={account} />
    </>
  );
}

/** What keeps the account from its servers now, and what mends it. */
export function Trouble({ accountId }: { accountId: AccountSummary["id"] }): ReactNode {
  const health = useHealth(({ status }) => status?.accounts.find((one) => one.accountId === accountId));
  if (health === undefined || health.failure === null) return null;
  return (
    <div className="setcard trouble">
      <FailureNote failure={health.failure} accountId={accountId} />
    </div>
  );
}

/** The key of a provider that is known by its metadata is its address. */
function providerName(key: string): string {
  return URL.canParse(key) ? new URL(key).host : `${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
}

/** POP3: what becomes of mail on the server once it is here. */
function LeaveRow({ account }: { account: AccountSummary }): ReactNode {
  const { t } = useTranslation("accounts");
  const { settings } = account;
  const leave = settings.leaveOnServer ?? { kind: "forever" as const };
  const save = (leaveOnServer: LeaveOnServer): void => {
    client.request("accounts.update", { accountId: account.id, settings: { ...settings, leaveOnServer } }).catch(toastFailure);
  };
  return (
    <SetRow label={t("pop3.leave.label")} hint={leaveHint(leave)}>
      <LeaveSelect value={leave} onChange={save} />
    </SetRow>
  );
}

function NameRow({ account }: { account: AccountSummary }): ReactNode {
  const { t } = useTranslation("settings");
  const [name, setName] = useState(account.name);
  const save = (): void => {
    const wanted = name.trim();
    if (wanted === "" || wanted === account.name) {
      setName(account.name);
      return;
    }
    void client.request("accounts.update", { accountId: account.id, accountName: wanted }).catch((error: unknown) => {
      setName(account.name);
      toastFailure(error);
    });
  };
  return (
    <SetRow label={t("accounts.name")} hint={account.address}>
      <div className="set-field">
        <Field
          label={t("accounts.name")}
          labelHidden
          value={name}
          onChange={setName}
          onBlur={save}
          onKeyDown={(event) => event.key === "Enter" && save()}
          maxLength={200}
        />
      </div>
    </SetRow>
  );
}

function RemoveCard({ account }: { account: AccountSummary }): ReactNode {
  const { t } = useTranslation("settings");
  const [asking, setAsking] = useState(false);
  const { name, settings } = account;
  const [hint, text] =
    settings.protocol === "pop3"
      ? [t("accounts:pop3.removeHint"), t("accounts:pop3.removeText")]
      : [t("accounts.removeHint"), t("accounts.removeText")];
  const remove = (): void => {
    confirmed(() => client.request("accounts.remove", { accountId: account.id })).then((done) => {
      if (done === undefined) return;
      showToast({ key: "settings:accounts.removed", params: { name }, icon: "delete" });
      goTo({ page: "settings", section: "accounts" });
    }, toastFailure);
  };
  return (
    <div className="setcard">
      <SetRow label={t("accounts.removeGo")} hint={hint}>
        <Button onPress={() => setAsking(true)}>{t("accounts.remove")}</Button>
      </SetRow>
      {asking && (
        <Confirm
          title={t("accounts.removeTitle", { name })}
          text={text}
          keep={t("accounts.removeKeep")}
          deed={t("accounts.removeGo")}
          onClose={() => setAsking(false)}
          onDeed={remove}
        />
      )}
    </div>
  );
}
