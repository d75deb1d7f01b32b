import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Address } from "../../../shared/address.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { Avatar } from "../parts/avatar.tsx";

/** Somebody who fits what was typed; those of the directory come after those who are known. */
export type Suggestion = Address & { readonly fromDirectory?: boolean };

type Props = {
  id: string;
  label: string;
  typed: string;
  people: readonly Suggestion[];
  /** The directory could not be asked. */
  unavailable: boolean;
  active: number;
  onChoose(person: Address): void;
};

/** The list under a row of people. The row keeps the focus and points into it. */
export function Suggestions({ id, label, typed, people, unavailable, active, onChoose }: Props): ReactNode {
  const { t } = useTranslation("directory");
  return (
    <div className="popover suggestions" hidden={people.length === 0 && !unavailable}>
      <div id={id} role="listbox" aria-label={label}>
        {people.map((person, at) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the combobox keeps the focus (aria-activedescendant)
          <div
            key={person.address}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === active}
            className="suggestion"
            // Before the blur that would take the typed text for an address.
            onMouseDown={(event) => {
              event.preventDefault();
              onChoose(person);
            }}
          >
            <Avatar of={person} small letters={1} />
            <div className="grow">
              {person.name !== "" && (
                <div className="cut" lang={langOf(person.name)}>
                  <Marked text={person.name} part={typed} />
                </div>
              )}
              <div className="caption muted cut">
                <Marked text={person.address} part={typed} />
              </div>
            </div>
            {person.fromDirectory === true && <span className="suggestion-from caption muted">{t("from")}</span>}
          </div>
        ))}
      </div>
      {unavailable && <p className="suggestions-note caption muted">{t(people.length === 0 ? "unavailableAlone" : "unavailable")}</p>}
    </div>
  );
}

function Marked({ text, part }: { text: string; part: string }): ReactNode {
  const wanted = part.trim().toLowerCase();
  const at = text.toLowerCase().indexOf(wanted);
  if (at < 0 || wanted === "") return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + wanted.length)}</mark>
      {text.slice(at + wanted.length)}
    </>
  );
}
