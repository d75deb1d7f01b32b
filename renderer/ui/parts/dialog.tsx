import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button } from "./button.tsx";

export type DialogProps = {
  title: ReactNode;
  onClose(): void;
  children?: ReactNode;
  /** 440 wide, or the 960 sheet. */
  size?: "sheet";
  label?: string;
  role?: "dialog" | "alertdialog";
};

/** A dialog over the page; Escape and a click outside close it. */
export function Dialog({ title, onClose, children, size, role = "dialog" }: DialogProps): ReactNode {
  return (
    <ModalOverlay isOpen isDismissable className="veil" onOpenChange={(open) => !open && onClose()}>
      <Modal className={size === undefined ? "dialog" : `dialog ${size}`}>
        <AriaDialog role={role}>
          <div className="dialog-inner">
            <Heading slot="title" className="dialog-title">
              {title}
            </Heading>
            {children}
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Asks before what cannot be undone: the safe button left, the deed right, named for what it does. */
export function Confirm({
  title,
  text,
  keep,
  deed,
  dangerous = true,
  onClose,
  onDeed,
}: {
  title: string;
  text: ReactNode;
  keep: string;
  deed: string;
  dangerous?: boolean;
  onClose(): void;
  onDeed(): void;
}): ReactNode {
  return (
    <Dialog title={title} onClose={onClose} role="alertdialog">
      <div className="dialog-text">{text}</div>
      <div className="dialog-actions">
        <Button autoFocus onPress={onClose}>
          {keep}
        </Button>
        <Button
          look={dangerous ? "danger" : "primary"}
          onPress={() => {
            onClose();
            onDeed();
          }}
        >
          {deed}
        </Button>
      </div>
    </Dialog>
  );
}
