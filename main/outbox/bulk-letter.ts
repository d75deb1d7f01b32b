import type { DraftContent } from "../../shared/contract/compose.ts";
import { fill, htmlTemplate, lineTemplate, looseBraces, type Placeholder, placeholdersOf, type Template } from "../mime/placeholders.ts";
import { columnOf } from "../plan/bulk.ts";
import type { StoredBulk } from "../store/bulk.ts";

type Columns = Pick<StoredBulk, "columns" | "addressColumn" | "nameColumn">;

/** The draft of a bulk with its placeholders found, once for all recipients. */
export class Letter {
  /** Columns that the text uses, and of those the ones that have to have a value. */
  readonly used: readonly number[];
  readonly needed: readonly number[];
  /** Placeholders that no column answers to, as they are written. */
  readonly unknown: readonly string[];
  readonly looseBraces: boolean;
  readonly #subject: Template;
  readonly #html: Template;
  readonly #columns: ReadonlyMap<string, number | null>;

  constructor({ subject, html }: Pick<DraftContent, "subject" | "html">, { columns, addressColumn, nameColumn }: Columns) {
    this.#subject = lineTemplate(subject);
    this.#html = htmlTemplate(html);
    const all = [...placeholdersOf(this.#subject), ...placeholdersOf(this.#html)];
    const chosen = { address: addressColumn, name: nameColumn };
    this.#columns = new Map(all.map(({ name }) => [name, columnOf(name, columns, chosen)]));
    const at = ({ name }: Placeholder): number[] => {
      const column = this.#columns.get(name) ?? null;
      return column === null ? [] : [column];
    };
    this.used = [...new Set(all.flatMap(at))];
    this.needed = [...new Set(all.filter(({ fallback }) => fallback === "").flatMap(at))];
    this.unknown = [...new Set(all.filter((one) => at(one).length === 0).map(({ name }) => `{{${name}}}`))];
    this.looseBraces = looseBraces(this.#subject) || looseBraces(this.#html);
  }

  for(cells: readonly string[]): { subject: string; html: string } {
    const valueFor = ({ name, fallback }: Placeholder): string | null => {
      const column = this.#columns.get(name) ?? null;
      return column === null ? null : cells[column] || fallback;
    };
    return { subject: fill(this.#subject, valueFor), html: fill(this.#html, valueFor) };
  }
}
