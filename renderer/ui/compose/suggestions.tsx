import type { ReactNode } from "react";
import type { Address } from "../../../shared/address.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { Avatar } from "../parts/avatar.tsx";

type Props = {
  id: string;
  label: string;
  typed: string;
  people: readonly Address[];
  active: number;
  onChoose(person: Address): void;
};

/** The list under a row of people. The row keeps the focus and points into it. */
export function Suggestions({ id, label, typed, people, active, onChoose }: Props): ReactNode {
  return (
    <div id={id} className="popover suggestions" role="listbox" aria-label={label} hidden={people.length === 0}>
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
        </div>
      ))}
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
