import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { openLink } from "../../state/attachments.ts";
import { startComposer } from "../../state/composers.ts";
import { Confirm } from "../parts/dialog.tsx";
import { linkTarget, saysOtherSite } from "./links.ts";

/** Follows links out of the window. One whose words name another site than it opens is asked about first. */
export function useFollowLink(): { follow(href: string, words: string): void; question: ReactNode } {
  const { t } = useTranslation("mail");
  const [asked, setAsked] = useState<{ target: URL; words: string } | null>(null);
  const follow = (href: string, words: string): void => {
    const target = linkTarget(href);
    if (target === null) return;
    if (target.protocol === "mailto:") startComposer({ kind: "mailto", url: target.href });
    else if (saysOtherSite(words, target)) setAsked({ target, words });
    else openLink(target.href);
  };
  const question = asked !== null && (
    <Confirm
      title={t("link.title")}
      text={
        <>
          {t("link.text", { words: asked.words.trim() })} <b>{asked.target.hostname}</b>
          <div className="words">{asked.target.href}</div>
        </>
      }
      keep={t("link.stay")}
      deed={t("link.open", { host: asked.target.hostname })}
      onClose={() => setAsked(null)}
      onDeed={() => openLink(asked.target.href)}
    />
  );
  return { follow, question };
}
