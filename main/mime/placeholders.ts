import { decodeEntities } from "./html-entities.ts";
import { escapeHtml } from "./text-html.ts";

/** A placeholder `{{name}}` or `{{name|what stands there without a value}}`. */
export type Placeholder = {
  readonly name: string;
  readonly fallback: string;
  /** As it was written, markup included. */
  readonly raw: string;
  /** Where it stands: a plain line, text of HTML, or a link's address, which may begin with it. */
  readonly place: "line" | "html" | "link" | "whole-link";
  /** Markup that stood between its braces, and has to stay in balance. */
  readonly markup: string;
};
export type Template = readonly (string | Placeholder)[];

const IN_LINE = /\{\{([^{}]{1,200})\}\}/gu;
// A tag as a browser writes it, or a placeholder in text, with the markup of words that are bold in part.
const IN_HTML = /(<(?:[^">]|"[^"]*")*>)|\{\{((?:[^{}<>]|<(?:[^">{}]|"[^"{}]*")*>){1,200}?)\}\}/gu;
const TAG = /<(?:[^">]|"[^"]*")*>/gu;
const HREF = /(\shref=")([^"]*)"/iu;

/** The subject, or another line of plain text. */
export function lineTemplate(text: string): Template {
  const parts: (string | Placeholder)[] = [];
  let at = 0;
  for (const found of text.matchAll(IN_LINE)) {
    parts.push(text.slice(at, found.index), placeholder(found[0], found[1] ?? "", "line"));
    at = found.index + found[0].length;
  }
  return [...parts, text.slice(at)];
}

/** The HTML of a draft as the editor writes it. Placeholders are taken in text and in the addresses of links. */
export function htmlTemplate(html: string): Template {
  const parts: (string | Placeholder)[] = [];
  let at = 0;
  for (const found of html.matchAll(IN_HTML)) {
    const [raw, tag, inner = ""] = found;
    parts.push(html.slice(at, found.index));
    at = found.index + raw.length;
    if (tag !== undefined) parts.push(...linkTemplate(tag));
    else {
      const markup = [...inner.matchAll(TAG)].join("");
      parts.push({ ...placeholder(raw, decodeEntities(inner.replace(TAG, "")), "html"), markup });
    }
  }
  return [...parts, html.slice(at)];
}

function linkTemplate(tag: string): Template {
  const found = HREF.exec(tag);
  const address = found?.[2] ?? "";
  if (found === null || !address.includes("{{")) return [tag];
  const start = found.index + (found[1]?.length ?? 0);
  const parts: (string | Placeholder)[] = [tag.slice(0, start)];
  let at = 0;
  for (const one of address.matchAll(IN_LINE)) {
    parts.push(address.slice(at, one.index));
    parts.push(placeholder(one[0], decodeEntities(one[1] ?? ""), one.index === 0 ? "whole-link" : "link"));
    at = one.index + one[0].length;
  }
  return [...parts, address.slice(at), tag.slice(start + address.length)];
}

function placeholder(raw: string, inner: string, place: Placeholder["place"]): Placeholder {
  const bar = inner.indexOf("|");
  const name = (bar === -1 ? inner : inner.slice(0, bar)).replace(/\s+/gu, " ").trim();
  return { name, fallback: bar === -1 ? "" : inner.slice(bar + 1).trim(), raw, place, markup: "" };
}

export function placeholdersOf(template: Template): Placeholder[] {
  return template.filter((part) => typeof part !== "string");
}

/** Braces that were opened or closed, and make no placeholder. */
export function looseBraces(template: Template): boolean {
  return template.some((part) => typeof part === "string" && /\{\{|\}\}/u.test(part.replace(TAG, "")));
}

/** @param valueFor the value in place of it; null leaves it as it is written */
export function fill(template: Template, valueFor: (placeholder: Placeholder) => string | null): string {
  return template
    .map((part) => {
      if (typeof part === "string") return part;
      const value = valueFor(part);
      return value === null ? part.raw : written(part, value) + part.markup;
    })
    .join("");
}

/** No value is ever markup, a header or a script: it is what it says. */
function written({ place }: Placeholder, value: string): string {
  switch (place) {
    case "line":
      return value.replace(/\s+/gu, " ");
    case "html":
      return escapeHtml(value).replace(/\r\n|\r|\n/gu, "<br>");
    case "link":
      return encodeURIComponent(value.toWellFormed());
    case "whole-link":
      return /^(?:https?:\/\/|mailto:)[^\s]*$/iu.test(value) ? escapeHtml(value) : encodeURIComponent(value.toWellFormed());
  }
}
