import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Preview } from "../../../shared/contract/preview.ts";
import { parseCsv, separatorOf } from "../../../shared/csv.ts";
import { formatNumber } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";

const MOST_ROWS = 500;
const MOST_COLUMNS = 60;

type Props = { preview: Extract<Preview, { kind: "text" }>; name: string };

/** Words or a table, as they stand: nothing in them is markup. */
export function TextView({ preview, name }: Props): ReactNode {
  const { t } = useTranslation("preview");
  const { text, truncated } = preview;
  const isTable = /\.(?:csv|tsv)$/iu.test(name);
  const rows = useMemo(() => (isTable ? parseCsv(text, separatorOf(text), MOST_ROWS + 1) : []), [isTable, text]);
  const lang = preview.lang || langOf(text.slice(0, 500));
  const cut = rows.length > MOST_ROWS ? t("rowsCut", { rows: formatNumber(MOST_ROWS) }) : truncated ? t("truncated") : null;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className="preview-body" tabIndex={0} aria-label={t(isTable ? "table" : "text", { name })}>
        {isTable ? <Table rows={rows.slice(0, MOST_ROWS)} lang={lang} /> : <pre lang={lang}>{text}</pre>}
      </section>
      {cut !== null && <footer className="preview-foot muted">{cut}</footer>}
    </>
  );
}

function Table({ rows, lang }: { rows: readonly (readonly string[])[]; lang: string | undefined }): ReactNode {
  const [head = [], ...others] = rows.map((row) => row.slice(0, MOST_COLUMNS));
  return (
    <table lang={lang}>
      <thead>
        <tr>
          {head.map((cell, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the cells of a table that is only shown never move
            <th key={at} scope="col">
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {others.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <tr key={at}>
            {row.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <td key={column}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
