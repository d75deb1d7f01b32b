import { Ellipsis } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MessageBody } from "../../../shared/contract/mail.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { useSettings } from "../../state/settings.ts";
import { Icon } from "../parts/icon.tsx";
import { useFollowLink } from "./follow-link.tsx";
import { withLinks } from "./links.ts";
import { type QuoteTree, quoteTree } from "./quote-levels.ts";
import { splitQuoted } from "./quoted.ts";

/** A message of plain text: links live, what was quoted folded away at the end. */
export function PlainBody({
  body,
  onTarget,
}: {
  body: Pick<MessageBody, "text" | "parts" | "lang">;
  onTarget(url: string | null): void;
}): ReactNode {
  const { t } = useTranslation("mail");
  const { plainTextMonospace: mono, messageZoom } = useSettings((state) => state.settings);
  const { follow, question } = useFollowLink();
  if (body.text.trim() === "") return body.parts.length > 0 ? null : <p className="body faint">{t("emptyBody")}</p>;
  const stretches = splitQuoted(body.text);
  const linked = (text: string): ReactNode =>
    withLinks(text).map((piece, at) =>
      piece.kind === "text" ? (
        piece.text
      ) : (
        <a
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never move
          key={at}
          href={piece.href}
          onClick={(event) => {
            event.preventDefault();
            follow(piece.href, piece.text);
          }}
          onMouseEnter={() => onTarget(piece.href)}
          onMouseLeave={() => onTarget(null)}
          onFocus={() => onTarget(piece.href)}
          onBlur={() => onTarget(null)}
        >
          {piece.text}
        </a>
      ),
    );
  return (
    <div className={mono ? "body mono-text" : "body"} lang={body.lang || langOf(body.text)} style={{ zoom: messageZoom / 100 }}>
      {stretches.map((stretch, at) =>
        stretch.quoted ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the stretches of a text never move
          <Quoted key={at} folded={at > 0 && at === stretches.length - 1}>
            <Levels tree={quoteTree(stretch.text)} linked={linked} />
          </Quoted>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <p key={at} dir="auto">
            {linked(stretch.text)}
          </p>
        ),
      )}
      {question}
    </div>
  );
}

/** What was quoted, and within it what had been quoted there. Which way it runs is its quotation's affair, so that the edge is on the right side. */
function Levels({ tree, linked, within = false }: { tree: QuoteTree; linked(text: string): ReactNode; within?: boolean }): ReactNode {
  return tree.map((part, at) =>
    typeof part === "string" ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
      <p key={at} dir={within ? undefined : "auto"}>
        {linked(part)}
      </p>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <blockquote key={at} className="quote" dir="auto">
        <Levels tree={part} linked={linked} within />
      </blockquote>
    ),
  );
}

function Quoted({ folded, children }: { folded: boolean; children: ReactNode }): ReactNode {
  const [open, setOpen] = useState(!folded);
  return (
    <>
      {folded && <EarlierText open={open} onToggle={() => setOpen(!open)} />}
      {open && <div className="quoted">{children}</div>}
    </>
  );
}

/** The tag behind which quoted text is folded. */
export function EarlierText({ open, onToggle }: { open: boolean; onToggle(): void }): ReactNode {
  const { t } = useTranslation("mail");
  return (
    <button type="button" className="earlier" aria-expanded={open} onClick={onToggle}>
      <Icon of={Ellipsis} size={14} />
      {t("earlier")}
    </button>
  );
}
