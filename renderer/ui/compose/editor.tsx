import { Image } from "@tiptap/extension-image";
import { type Editor, EditorContent, useEditor } from "@tiptap/react";
import { StarterKit } from "@tiptap/starter-kit";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { attachFiles, attachPicture } from "../../state/attach.ts";
import { edit } from "../../state/composer-saving.ts";
import type { OpenComposer } from "../../state/composers.ts";
import { cleanPasted, forEditor, forStore } from "./mail-html.ts";

/** A picture that lies with the engine: the editor shows it from its address, the message refers to it by Content-ID (RFC 2392). */
const AttachedImage = Image.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      cid: {
        default: null,
        parseHTML: (element: HTMLElement) => element.getAttribute("data-cid"),
        renderHTML: ({ cid }: { cid?: string | null }) => (typeof cid === "string" ? { "data-cid": cid } : {}),
      },
    };
  },
});

/**
 * The editor of one composer. It owns its text while it lives: what is typed goes out through `edit` and nothing is ever set
 * back into it, so an input method is never disturbed. Only a text replaced from outside (`contentVersion`) builds it anew.
 */
export function useMailEditor(composer: OpenComposer): Editor | null {
  const { t } = useTranslation("compose");
  const { key } = composer;
  const made = useRef<Editor | null>(null);
  const takeFiles = (files: readonly File[], at: number | null): boolean => {
    if (files.length === 0) return false;
    attachFiles(
      key,
      files.filter((file) => !file.type.startsWith("image/")),
    );
    for (const file of files.filter((one) => one.type.startsWith("image/"))) {
      void attachPicture(key, file).then((attachment) => {
        if (attachment === null || made.current === null || made.current.isDestroyed) return;
        const node = { type: "image", attrs: { src: attachment.url, cid: attachment.contentId, alt: attachment.name } };
        if (at === null) made.current.chain().insertContent(node).run();
        else made.current.chain().insertContentAt(Math.min(at, made.current.state.doc.content.size), node).run();
      });
    }
    return true;
  };
  const editor = useEditor(
    {
      extensions: [
        StarterKit.configure({
          code: false,
          codeBlock: false,
          horizontalRule: false,
          link: { openOnClick: false, autolink: true, protocols: ["mailto"], HTMLAttributes: { target: null, rel: null } },
        }),
        AttachedImage.configure({ inline: true }),
      ],
      // "1. " and "- " make lists; other marks of Markdown stay what was typed.
      // A reply begins in the text, a new message at its first recipient.
      autofocus: composer.content.to.length > 0 ? "start" : false,
      enableInputRules: ["bulletList", "orderedList", "link"],
      content: forEditor(composer.content.html, composer.attachments),
      editorProps: {
        attributes: { role: "textbox", "aria-multiline": "true", "aria-label": t("body"), class: "mail-text" },
        // Ctrl+Enter sends (the composer hears it); the editor would break the line with it.
        handleKeyDown: (_view, event) => event.key === "Enter" && (event.ctrlKey || event.metaKey),
        transformPastedHTML: cleanPasted,
        handlePaste: (_view, event) => {
          const files = [...(event.clipboardData?.files ?? [])];
          // Word processors put a picture of the text beside the text: the text is meant.
          if (event.clipboardData?.getData("text/plain") !== "") return false;
          return takeFiles(files, null);
        },
        handleDrop: (view, event) => {
          const files = [...(event.dataTransfer?.files ?? [])];
          if (files.length === 0) return false;
          event.preventDefault();
          return takeFiles(files, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? null);
        },
      },
      onUpdate: ({ editor: changed }) => edit(key, { html: forStore(changed.getHTML()) }),
    },
    [key, composer.contentVersion],
  );
  made.current = editor;
  return editor;
}

export function MailText({ editor }: { editor: Editor | null }): ReactNode {
  return <EditorContent editor={editor} className="mail-text-box" />;
}
