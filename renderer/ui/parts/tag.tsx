import type { ReactNode } from "react";

export function Tag({
  tone,
  children,
  lang,
}: {
  tone?: "ok" | "warn" | "bad" | "info" | "accent";
  children: ReactNode;
  lang?: string | undefined;
}): ReactNode {
  return (
    <span className={tone === undefined ? "tag" : `tag ${tone}`} lang={lang}>
      {children}
    </span>
  );
}
