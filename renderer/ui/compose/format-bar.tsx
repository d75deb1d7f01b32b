import { type Editor, useEditorState } from "@tiptap/react";
import { Bold, Image, Italic, Link, List, ListOrdered, type LucideIcon, RemoveFormatting, TextQuote, Underline } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { Toolbar } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { attachPicture } from "../../state/attach.ts";
import { shortcutText } from "../../state/keys.ts";
import { IconButton } from "../parts/icon-button.tsx";
import { LinkButton } from "./link-button.tsx";

type Mark = "bold" | "italic" | "underline";
type Block = "bulletList" | "orderedList" | "blockquote";

export function FormatBar({
  composerKey,
  editor,
  small = false,
}: {
  composerKey: number;
  editor: Editor | null;
  small?: boolean;
}): ReactNode {
  const { t } = useTranslation("compose");
  const picker = useRef<HTMLInputElement>(null);
  const on = useEditorState({
    editor,
    selector: ({ editor: now }) => ({
      bold: now?.isActive("bold") ?? false,
      italic: now?.isActive("italic") ?? false,
      underline: now?.isActive("underline") ?? false,
      bulletList: now?.isActive("bulletList") ?? false,
      orderedList: now?.isActive("orderedList") ?? false,
      blockquote: now?.isActive("blockquote") ?? false,
      link: now?.isActive("link") ?? false,
    }),
  });
  if (editor === null) return null;
  const tool = (icon: LucideIcon, label: string, name: Mark | Block, run: () => void, keys?: string): ReactNode => (
    <IconButton
      icon={icon}
      label={label}
      aria-pressed={on?.[name] ?? false}
      onPress={run}
      {...(small ? { className: "small" } : {})}
      shortcut={keys === undefined ? undefined : shortcutText(keys)}
    />
  );
  const chain = (): ReturnType<Editor["chain"]> => editor.chain().focus();
  return (
    <Toolbar className="tools" aria-label={t("format.label")}>
      {tool(Bold, t("format.bold"), "bold", () => chain().toggleBold().run(), "Mod+b")}
      {tool(Italic, t("format.italic"), "italic", () => chain().toggleItalic().run(), "Mod+i")}
      {tool(Underline, t("format.underline"), "underline", () => chain().toggleUnderline().run(), "Mod+u")}
      <LinkButton editor={editor} icon={Link} on={on?.link ?? false} small={small} />
      {tool(List, t("format.bullets"), "bulletList", () => chain().toggleBulletList().run())}
      {tool(ListOrdered, t("format.numbers"), "orderedList", () => chain().toggleOrderedList().run())}
      {tool(TextQuote, t("format.quote"), "blockquote", () => chain().toggleBlockquote().run())}
      <IconButton
        icon={Image}
        label={t("format.image")}
        {...(small ? { className: "small" } : {})}
        onPress={() => picker.current?.click()}
      />
      <IconButton
        icon={RemoveFormatting}
        label={t("format.clear")}
        {...(small ? { className: "small" } : {})}
        onPress={() => chain().unsetAllMarks().clearNodes().run()}
      />
      <input
        ref={picker}
        type="file"
        accept="image/*"
        multiple
        hidden
        onChange={(event) => {
          editor.commands.focus();
          for (const file of event.target.files ?? []) {
            if (!file.type.startsWith("image/")) continue;
            void attachPicture(composerKey, file).then((attachment) => {
              if (attachment === null || editor.isDestroyed) return;
              editor
                .chain()
                .insertContent({ type: "image", attrs: { src: attachment.url, cid: attachment.contentId, alt: attachment.name } })
                .run();
            });
          }
          event.target.value = "";
        }}
      />
    </Toolbar>
  );
}
