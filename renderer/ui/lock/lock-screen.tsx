import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { unlock, unlockBySystem } from "../../state/lock.ts";
import logo from "../../style/logo.svg";
import { PinForm } from "./pin-form.tsx";
import "./lock.css";

/** All that a locked window shows. The engine tells it nothing else. */
export function LockScreen(): ReactNode {
  const { t } = useTranslation("lock");
  return (
    <main className="lock-screen" aria-label={t("title")}>
      <div className="lock-card">
        <img src={logo} width={56} height={56} alt="" />
        <h1>{t("title")}</h1>
        <p className="muted">{t("lead")}</p>
        {/* The window begins anew once the engine says that it is open. */}
        <PinForm deed={t("unlock")} tryPin={unlock} trySystem={unlockBySystem} onDone={() => undefined} />
        <details className="lock-forgot">
          <summary>{t("forgot")}</summary>
          <p>{t("forgotMore")}</p>
        </details>
      </div>
    </main>
  );
}
