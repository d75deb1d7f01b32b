import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { useShell } from "../../state/shell.ts";
import { IconButton } from "./icon-button.tsx";
import { ListOrState, type ListState } from "./list-or-state.tsx";
import { PageHead } from "./page-head.tsx";
import "./list-and-detail.css";

type Props = {
  readonly className: string;
  readonly title: string;
  /** Beside the title, whether a list or the chosen one is shown. */
  readonly beside?: ReactNode;
  /** At the end of the bar, and below it, while the list is seen. */
  readonly tools: ReactNode;
  readonly filter?: ReactNode;
  readonly state: Omit<ListState, "children">;
  readonly list: ReactNode;
  /** The chosen one; null when none is. */
  readonly detail: ReactNode | null;
  readonly detailLabel: string;
  readonly detailClass?: string;
  /** Said in the place of the chosen one. */
  readonly choose: string;
  /** Where there is room for one pane the chosen one covers the list. */
  readonly back: { readonly label: string; readonly onPress: () => void };
};

/** A page with a list, and beside it what is known of the chosen one. */
export function ListAndDetail(props: Props): ReactNode {
  const { className, title, beside, tools, filter, state, list, detail, detailLabel, detailClass = "list-detail", choose, back } = props;
  const one = useShell((shell) => shell.layout === "one");
  const covered = one && detail !== null;
  return (
    <main className={`page ${className}`} aria-label={title}>
      <PageHead title={title} back={covered ? <IconButton icon={ArrowLeft} {...back} /> : undefined}>
        {beside}
        <span className="grow" />
        {!covered && tools}
      </PageHead>
      {!covered && filter !== undefined && <div className="list-filter">{filter}</div>}
      <div className="list-panes">
        <ListOrState {...state}>
          {!covered && list}
          {(!one || covered) && (
            <aside className={detailClass} aria-label={detailLabel} data-pane="reader">
              {detail ?? <p className="list-choose faint">{choose}</p>}
            </aside>
          )}
        </ListOrState>
      </div>
    </main>
  );
}
