import { encode as base64, wrap as wrapBase64 } from "nodemailer/lib/base64";
import type MimeNode from "nodemailer/lib/mime-node";
import { encode as quotedPrintable, wrap as wrapQuotedPrintable } from "nodemailer/lib/qp";

/**
 * The bytes that the tree's own stream would give, without the dozen streams that it needs for each part: they cost more than all else about a
 * message without attachments.
 *
 * @param root of a tree whose contents are text
 * @returns null when something in it is no text
 */
export function buildAtOnce(root: MimeNode): Buffer | null {
  const pieces: string[] = [];
  if (!write(root, pieces)) return null;
  const whole = pieces.join("");
  return Buffer.from((whole.endsWith("\n") ? whole : `${whole}\r\n`).replace(/\r?\n/gu, "\r\n"), "utf8");
}

function write(node: MimeNode, pieces: string[]): boolean {
  const encoding = node.getTransferEncoding();
  pieces.push(node.buildHeaders(), "\r\n\r\n");
  const { content = "" } = node;
  if (typeof content !== "string") return false;
  if (encoding === "base64") pieces.push(wrapBase64(base64(content)));
  else if (encoding === "quoted-printable") pieces.push(wrapQuotedPrintable(quotedPrintable(content)));
  else pieces.push(content);
  if (!node.multipart) return true;
  for (const [at, child] of node.childNodes.entries()) {
    pieces.push(`${at === 0 ? "" : "\r\n"}--${String(node.boundary)}\r\n`);
    if (!write(child, pieces)) return false;
  }
  pieces.push(`\r\n--${String(node.boundary)}--\r\n`);
  return true;
}
