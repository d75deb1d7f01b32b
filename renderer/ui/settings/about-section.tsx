import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { client } from "../../client/engine.ts";
import { goTo } from "../../state/route.ts";
import { useSession } from "../../state/session.ts";
import { toastFailure } from "../../state/toasts.ts";
import logo from "../../style/logo.svg";
import { Button } from "../parts/button.tsx";
import { SetRow } from "./set-row.tsx";

export function AboutSection(): ReactNode {
  const { t } = useTranslation("settings");
  const hello = useSession((state) => state.hello);
  const [report, setReport] = useState<string | null>(null);
  const [copied, setCopied] = useState(false);
  const read = async (): Promise<string> => report ?? (await client.request("health.report", {})).text;
  const show = (): void => {
    if (report !== null) setReport(null);
    else void read().then(setReport, toastFailure);
  };
  const copy = (): void => {
    void read()
      .then((text) => navigator.clipboard.writeText(text))
      .then(() => setCopied(true), toastFailure);
  };
  return (
    <>
      <div className="setcard">
        <SetRow
          label={
            <span className="row">
              <img src={logo} width={32} height={32} alt="" />
              Satchel
            </span>
          }
        >
          <span className="muted num">
            {t("about.version")} {hello?.version ?? ""}
          </span>
        </SetRow>
        <SetRow label={t("about.host")}>
          <span className="muted">{hello === null ? "" : t(hello.host === "electron" ? "about.hostElectron" : "about.hostLoopback")}</span>
        </SetRow>
        <SetRow label={t("about.licence")} hint={t("about.licenceText")} />
      </div>
      <div className="setcard">
        <SetRow label={t("health:title")} hint={t("health:openHint")}>
          <Button aria-label={`${t("health:openPage")}: ${t("health:title")}`} onPress={() => goTo({ page: "health" })}>
            {t("health:openPage")}
          </Button>
        </SetRow>
        <SetRow label={t("about.report")} hint={t("about.reportHint")}>
          <span className="faint caption" role="status">
            {copied && t("about.copied")}
          </span>
          <Button aria-expanded={report !== null} onPress={show}>
            {t(report === null ? "about.show" : "about.hide")}
          </Button>
          <Button onPress={copy}>{t("about.copy")}</Button>
        </SetRow>
        {report !== null && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling well has to be reached by keyboard
          <pre className="words report" tabIndex={0} role="region" aria-label={t("about.report")}>
            {report}
          </pre>
        )}
      </div>
    </>
  );
}
