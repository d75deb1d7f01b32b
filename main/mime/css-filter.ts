import * as css from "css-tree";

/** Decides about one address in CSS: what to write instead, or null to drop the declaration. */
export type CssUrl = (url: string) => string | null;

// Nothing in here can name an address, hide in an escape or leave its place: such declarations need no parser.
const NEEDS_LOOK = /[\\@<]|url|image|src\s*\(|element\s*\(|expression|behaviou?r|binding|position|--|filter|script|\/\*/iu;

/** At-rules that only choose between rules that are filtered like all others. */
const KEPT_AT_RULES = new Set(["media", "supports"]);
/** Functions that take an address as a string. */
const LOADING_FUNCTIONS = new Set([
  // The parser knows `url(` as it is written; to a browser `u\72l(` is the same.
  "url",
  "image-set",
  "-webkit-image-set",
  "image",
  "src",
  "cross-fade",
  "-webkit-cross-fade",
  "element",
  "-moz-element",
  "paint",
  "expression",
  "attr",
]);
const SCRIPTING_PROPERTIES = new Set([
  "behavior",
  "-ms-behavior",
  "-moz-binding",
  "src",
  "-webkit-user-modify",
  "-o-link",
  "-o-link-source",
]);
const DANGEROUS_TEXT = /url|image-set|src\s*\(|expression|javascript|behavior|binding|@import|\\/iu;

/** A style attribute with everything taken out that loads, runs or leaves the message's own place. */
export function filterStyleAttribute(text: string, url: CssUrl): string {
  if (!NEEDS_LOOK.test(text)) return text;
  return rewrite(text, "declarationList", url);
}

/**
 * A style sheet likewise: no @import, no @font-face.
 * @param ownDark whether rules for a dark scheme stay; where a message is shown in its light colours only they would be dark on light
 */
export function filterStyleSheet(text: string, url: CssUrl, ownDark = false): string {
  // Old mail wraps style sheets in a comment of HTML.
  return rewrite(text.replace(/<!--|-->/gu, " "), "stylesheet", url, ownDark);
}

function rewrite(text: string, context: "declarationList" | "stylesheet", url: CssUrl, ownDark = false): string {
  const tree = css.parse(text, { context, parseCustomProperty: true, parseValue: true, onParseError: () => undefined });
  css.walk(tree, {
    enter(node: css.CssNode, item: css.ListItem<css.CssNode>, list: css.List<css.CssNode>) {
      if (node.type === "Atrule" && !keepsAtRule(node, ownDark)) list.remove(item);
      else if (node.type === "Declaration" && !keepsDeclaration(node, url)) list.remove(item);
      else if (node.type === "Raw" && list && DANGEROUS_TEXT.test(node.value)) list.remove(item);
    },
  });
  // A string may hold "</style": CSS can say "<" in another way.
  return css.generate(tree).replaceAll("<", "\\3c ");
}

function keepsAtRule(node: css.Atrule, ownDark: boolean): boolean {
  if (!KEPT_AT_RULES.has(node.name.toLowerCase()) || node.block === null) return false;
  const prelude = node.prelude === null ? "" : css.generate(node.prelude);
  return (ownDark || !/prefers-color-scheme\s*:\s*dark/iu.test(prelude)) && !DANGEROUS_TEXT.test(prelude);
}

function keepsDeclaration(node: css.Declaration, url: CssUrl): boolean {
  const property = css.ident.decode(node.property).toLowerCase();
  if (SCRIPTING_PROPERTIES.has(property)) return false;
  if (node.value.type === "Raw") return !DANGEROUS_TEXT.test(node.value.value) && property !== "position";
  if (property === "position") return /^(?:static|relative|initial|unset|inherit)$/iu.test(css.generate(node.value).trim());
  let keeps = true;
  css.walk(node.value, (child) => {
    if (child.type === "Function" && LOADING_FUNCTIONS.has(css.ident.decode(child.name).toLowerCase())) keeps = false;
    else if (child.type === "Raw" && DANGEROUS_TEXT.test(child.value)) keeps = false;
    else if (child.type === "String" && /(?:java|vb)script|expression\s*\(/iu.test(child.value)) keeps = false;
    // A picture for the pointer is painted where the pointer is, outside the frame too.
    else if (child.type === "Url" && property === "cursor") keeps = false;
    else if (child.type === "Url") {
      const instead = url(child.value);
      if (instead === null) keeps = false;
      else child.value = instead;
    }
  });
  return keeps;
}
