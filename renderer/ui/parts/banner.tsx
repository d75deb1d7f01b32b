import type { LucideIcon } from "lucide-react";
import { isValidElement, type ReactNode } from "react";
import { gapAfter } from "../../i18n/sentences.ts";
import { Icon } from "./icon.tsx";

export type BannerProps = {
  tone?: "info" | "warn" | "bad" | "quiet";
  icon: LucideIcon;
  /** The sentence in bold. */
  head: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** One line with the actions at its end. */
  slim?: boolean;
};

export function Banner({ tone = "info", icon, head, children, actions, slim = false }: BannerProps): ReactNode {
  return (
    <div className={["banner", tone, slim && "slim"].filter(Boolean).join(" ")} role={tone === "bad" ? "alert" : "status"}>
      <Icon of={icon} size={slim ? 16 : 20} />
      <div className="grow">
        <span className="banner-head">{head}</span>
        {slim
          ? children !== undefined && (
              <>
                {gapAfter(wordsOf(head))}
                {children}
              </>
            )
          : children !== undefined && <div>{children}</div>}
        {!slim && actions !== undefined && <div className="banner-actions">{actions}</div>}
      </div>
      {slim && actions !== undefined && <div className="banner-actions">{actions}</div>}
    </div>
  );
}

/** What a head says that stands in an element of its own, for its direction. */
function wordsOf(head: ReactNode): ReactNode {
  return isValidElement<{ children?: ReactNode }>(head) ? wordsOf(head.props.children) : head;
}
