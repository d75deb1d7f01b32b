import i18next from "i18next";
import { type ReactNode, useState } from "react";
import { Button as AriaButton, DialogTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { formatClock, formatNumber, formatPercent, formatSize } from "../../i18n/format.ts";
import { useAccounts } from "../../state/accounts.ts";
import { useHealth } from "../../state/health.ts";
import { type Readiness, readiness } from "../../state/readiness.ts";
import { useSession } from "../../state/session.ts";
import { Popover } from "../parts/popover.tsx";
import { Stitch } from "../parts/stitch.tsx";
import { Ready } from "./ready.tsx";

const DOT: Record<Readiness["tone"], string> = { good: "dot", working: "dot working", off: "dot off", warn: "dot warn", bad: "dot bad" };

/** How ready all mail is, always true; opens the readiness popover. */
export function StatusLine(): ReactNode {
  const { t } = useTranslation("shell");
  const status = useHealth((state) => state.status);
  const connected = useSession((state) => state.connected);
  const now = readiness(status, connected || status === null);
  const part = now.total === 0 ? Number(now.onDemand > 0) : now.done / now.total;
  const tone = now.tone === "warn" || now.tone === "bad" ? now.tone : undefined;
  const words = useStateWords(now);
  const [open, setOpen] = useState(false);
  return (
    <>
      {/* Beside the button: what stands in a live region would not count towards its name. */}
      <span className="heard-only" role={tone === undefined ? "status" : "alert"}>
        {words}
      </span>
      <DialogTrigger isOpen={open} onOpenChange={setOpen}>
        <AriaButton className="status" data-foot="">
          <span className="row">
            <span className={DOT[now.tone]} />
            <span className="cut">{words}</span>
            <span className="n">{rightOf(now)}</span>
          </span>
          <Stitch part={part} tone={tone} label={t("ready.allProgress", { percent: formatPercent(part) })} />
          <span className="row second">
            <span className="cut">{second(now, part)}</span>
            <span className="n">{secondRight(now)}</span>
          </span>
        </AriaButton>
        <Popover label={t("status.label")} width={392} placement="top start" crossOffset={12}>
          <Ready onLeave={() => setOpen(false)} />
        </Popover>
      </DialogTrigger>
    </>
  );
}

function useStateWords(now: Readiness): string {
  const { t } = useTranslation("shell");
  const accounts = useAccounts((state) => state.accounts);
  const nameOf = (id: number): string => accounts.find((one) => one.id === id)?.name ?? "";
  const { said } = now;
  if (said.kind === "needsYou") return t("status.needsYou", { name: nameOf(said.account.accountId) });
  if (said.kind === "accountOffline")
    return t("status.accountOffline", { name: nameOf(said.account.accountId), time: formatClock(said.account.since) });
  if (said.kind === "offlineSince") return t("status.offlineSince", { time: formatClock(said.since) });
  if (said.kind === "working") return t(said.phase === "bodies" || said.phase === "idle" ? "status.working" : `status.${said.phase}`);
  return t(`status.${said.kind}`);
}

function rightOf(now: Readiness): string {
  if (now.tone === "working" && now.total > 0)
    return i18next.t("shell:status.of", { done: formatNumber(now.done), total: formatNumber(now.total) });
  if (now.said.kind === "upToDate" && now.syncedAt !== null) return formatClock(now.syncedAt);
  return "";
}

function second(now: Readiness, part: number): string {
  if (now.said.kind === "lost") return i18next.t("shell:status.lostMore");
  if (now.total === 0 && now.onDemand === 0) return "";
  if (now.done < now.total) return i18next.t("shell:status.readable", { percent: formatPercent(part) });
  return i18next.t(now.onDemand > 0 ? "offline:meter.kept" : "shell:status.allReadable");
}

function secondRight(now: Readiness): string {
  if (now.tone === "warn" || now.tone === "bad") return i18next.t("shell:status.fix");
  if (now.pending > 0 && now.tone === "off") return i18next.t("shell:status.toSync", { count: now.pending });
  if (now.bytesToGo > 0) return i18next.t("shell:status.toGo", { size: formatSize(now.bytesToGo) });
  return now.total === 0 ? "" : formatNumber(now.total);
}
