import type { Editor } from "@tiptap/react";
import type { LucideIcon } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { DialogTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Popover } from "../parts/popover.tsx";

/** Sets, changes or removes the link of the selection. */
export function LinkButton({ editor, icon, on, small }: { editor: Editor; icon: LucideIcon; on: boolean; small: boolean }): ReactNode {
  const { t } = useTranslation("compose");
  const [open, setOpen] = useState(false);
  const [address, setAddress] = useState("");
  const [bad, setBad] = useState(false);
  const show = (wanted: boolean): void => {
    const { href } = editor.getAttributes("link") as { href?: string };
    if (wanted) setAddress(href ?? "");
    setBad(false);
    setOpen(wanted);
  };
  const set = (event: FormEvent): void => {
    event.preventDefault();
    const url = wholeUrl(address);
    if (url === null) {
      setBad(true);
      return;
    }
    show(false);
    const { empty } = editor.state.selection;
    if (empty && !on)
      editor
        .chain()
        .focus()
        .insertContent({ type: "text", text: address.trim(), marks: [{ type: "link", attrs: { href: url } }] })
        .run();
    else editor.chain().focus().extendMarkRange("link").setLink({ href: url }).run();
  };
  return (
    <DialogTrigger isOpen={open} onOpenChange={show}>
      <IconButton icon={icon} label={t("format.link")} aria-pressed={on} {...(small ? { className: "small" } : {})} />
      <Popover label={t("link.title")} width={340}>
        <form className="link-form" onSubmit={set} noValidate>
          <Field
            label={t("link.address")}
            value={address}
            onChange={setAddress}
            autoFocus
            placeholder="https://"
            {...(bad ? { error: t("link.bad") } : {})}
          />
          <div className="row">
            {on && (
              <Button
                look="plain"
                onPress={() => {
                  show(false);
                  editor.chain().focus().extendMarkRange("link").unsetLink().run();
                }}
              >
                {t("link.unset")}
              </Button>
            )}
            <span className="grow" />
            <Button type="submit" look="primary">
              {t("link.set")}
            </Button>
          </div>
        </form>
      </Popover>
    </DialogTrigger>
  );
}

/** `example.com` becomes https; anything but web and mail addresses is refused. */
export function wholeUrl(text: string): string | null {
  const typed = text.trim();
  const candidate = /^[a-z][a-z0-9+.-]*:/iu.test(typed) ? typed : typed.includes("@") ? `mailto:${typed}` : `https://${typed}`;
  if (!URL.canParse(candidate)) return null;
  const { protocol, hostname, href } = new URL(candidate);
  if (protocol === "mailto:") return href;
  return (protocol === "https:" || protocol === "http:") && hostname.includes(".") ? href : null;
}
