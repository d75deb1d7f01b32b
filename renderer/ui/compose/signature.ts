import type { Editor } from "@tiptap/react";
import { signatureHtml } from "./mail-html.ts";

/** Puts the signature of another sender in the place of the old one. A signature the writer has changed stays as it is. */
export function swapSignature(editor: Editor, before: string, after: string): void {
  if (before.trim() === after.trim()) return;
  const found = findSignature(editor, before);
  if (found !== null) editor.chain().deleteRange(found).run();
  if (found === null && before.trim() !== "") return;
  const html = signatureHtml(after);
  if (html !== "")
    editor
      .chain()
      .insertContentAt(editor.state.doc.content.size, html.replace(/^<p><\/p>/u, ""))
      .run();
}

/** The paragraph that begins with "-- " and says exactly this signature. */
function findSignature(editor: Editor, signature: string): { from: number; to: number } | null {
  const wanted = words(`-- ${signature}`);
  if (signature.trim() === "") return null;
  let found: { from: number; to: number } | null = null;
  editor.state.doc.descendants((node, at) => {
    if (node.type.name === "paragraph" && words(node.textBetween(0, node.content.size, "\n", "\n")) === wanted) {
      found = { from: at, to: at + node.nodeSize };
    }
    return node.type.name !== "paragraph";
  });
  return found;
}

function words(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}
