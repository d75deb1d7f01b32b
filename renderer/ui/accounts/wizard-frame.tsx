import { type FormEvent, type ReactNode, useEffect, useRef } from "react";

type Props = {
  title: ReactNode;
  lead?: ReactNode;
  /** At the left of the foot, then at its right, the deed last. */
  aside?: ReactNode;
  buttons: ReactNode;
  onSubmit?: () => void;
  children: ReactNode;
};

/** One step of the wizard: heading, content, and the foot with its buttons. Enter does the deed. */
export function WizardFrame({ title, lead, aside, buttons, onSubmit, children }: Props): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A step that takes no field's focus gives it to its heading, so that its name is read out.
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) heading.current?.focus();
  }, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <form className="wizard-step" onSubmit={submit} noValidate>
      <div className="wizard-content">
        <div className="wizard-inner">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p className="muted wizard-lead">{lead}</p>}
          {children}
        </div>
      </div>
      <footer className="wizard-foot" data-foot="">
        {aside}
        <span className="wizard-deeds">{buttons}</span>
      </footer>
    </form>
  );
}
