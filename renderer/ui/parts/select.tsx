import { ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { Select as AriaSelect, Button, ListBox, ListBoxItem, Popover, SelectValue } from "react-aria-components";
import { Icon } from "./icon.tsx";

export type Choice<T extends string> = { readonly value: T; readonly label: string; readonly lang?: string | undefined };

/** One of several in a list that opens. `bare`: without a box, for a row that is all one control. */
export function Select<T extends string>({
  label,
  value,
  choices,
  onChange,
  bare = false,
}: {
  label: string;
  value: T;
  choices: readonly Choice<T>[];
  onChange(value: T): void;
  bare?: boolean;
}): ReactNode {
  return (
    <AriaSelect
      aria-label={label}
      className={bare ? "select bare" : "select"}
      selectedKey={value}
      onSelectionChange={(key) => {
        const chosen = choices.find((choice) => choice.value === key);
        if (chosen) onChange(chosen.value);
      }}
    >
      <Button className="select-button">
        <SelectValue className="cut" />
        <Icon of={ChevronsUpDown} size={14} />
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox className="menu">
          {choices.map((choice) => (
            <ListBoxItem key={choice.value} id={choice.value} textValue={choice.label} className="menu-item">
              <span lang={choice.lang} className="cut">
                {choice.label}
              </span>
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
