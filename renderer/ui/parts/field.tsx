import type { ReactNode } from "react";
import { FieldError, Input, Label, Text, TextField, type TextFieldProps } from "react-aria-components";

export type FieldProps = Omit<TextFieldProps, "className" | "children"> & {
  label: string;
  hint?: ReactNode;
  /** What is wrong with the value; shown below, and the field turns red. */
  error?: ReactNode;
  placeholder?: string;
  /** At the end of the box: a button, a unit. */
  end?: ReactNode;
  labelHidden?: boolean;
};

export function Field({ label, hint, error, placeholder, end, labelHidden = false, ...rest }: FieldProps): ReactNode {
  return (
    <TextField {...rest} className="field" isInvalid={error !== undefined && error !== null}>
      <Label className={labelHidden ? "hidden" : "field-label"}>{label}</Label>
      <span className="field-box">
        <Input {...(placeholder === undefined ? {} : { placeholder })} />
        {end}
      </span>
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </TextField>
  );
}
