import * as css from "css-tree";
import { asWritten, type Block, type Declaration, inBothSchemes, propertyName } from "./declarations.ts";
import { type Pattern, readSelectors } from "./selectors.ts";
import type { Variables } from "./variables.ts";

/** In which scheme a rule holds. */
export type Scheme = "both" | "dark" | "light";

/** A rule that paints text or ground, wherever it holds for a page of full width. */
export type PaintingRule = { readonly pattern: Pattern; readonly block: Block; readonly scheme: Scheme; readonly order: number };

const SCHEME_QUERY = /\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/iu;
/** What holds on every screen. */
const EVERYWHERE = /^(?:only\s+)?(?:all|screen)?$/iu;

/** A style sheet that was taken apart. */
export type ReadSheet = css.StyleSheet;

/** Takes a style sheet apart, and what it says of variables in. */
export function readSheet(text: string, variables: Variables): ReadSheet | null {
  const tree = css.parse(text, { parseValue: false, parseRulePrelude: false, parseAtrulePrelude: false, onParseError: () => undefined });
  if (tree.type !== "StyleSheet") return null;
  if (text.includes("--")) hear(tree.children, false, variables);
  return tree;
}

function hear(nodes: css.List<css.CssNode>, dark: boolean, variables: Variables): void {
  nodes.forEach((node) => {
    if (node.type === "Atrule" && node.block !== null) {
      const query = node.prelude === null ? "" : css.generate(node.prelude);
      hear(node.block.children, dark || SCHEME_QUERY.exec(query)?.[1]?.toLowerCase() === "dark", variables);
    } else if (node.type === "Rule") variables.hear(node.block.children.toArray().flatMap(declarationOf), dark);
  });
}

function declarationOf(node: css.CssNode): Declaration[] {
  if (node.type !== "Declaration") return [];
  return [{ property: propertyName(node.property), value: css.generate(node.value).trim(), important: node.important !== false }];
}

/**
 * A style sheet with its colours said for both schemes. Rules that the sender wrote for the dark stay as they are and hold when the reader's
 * scheme is dark, not when the system's is: `--satchel-dark` tells them.
 * @param sheet changed in place
 * @param rules gets what the sheet paints with
 */
export function sheetInBothSchemes(sheet: ReadSheet, variables: Variables, rules: PaintingRule[]): string {
  rewrite(sheet.children, { scheme: "both", everywhere: true, variables }, rules);
  return css.generate(sheet);
}

type Where = { readonly scheme: Scheme; readonly everywhere: boolean; readonly variables: Variables };

function rewrite(nodes: css.List<css.CssNode>, where: Where, rules: PaintingRule[]): void {
  nodes.forEach((node) => {
    if (node.type === "Atrule" && node.block !== null) {
      const inner = conditionOf(node, where);
      rewrite(node.block.children, inner, rules);
    } else if (node.type === "Rule") paint(node, where, rules);
  });
}

/** Reads under which condition a group of rules holds, and has its scheme be the reader's. */
function conditionOf(node: css.Atrule, where: Where): Where {
  const query = node.prelude === null ? "" : css.generate(node.prelude);
  const [whole = "", named = ""] = node.name.toLowerCase() === "media" ? (SCHEME_QUERY.exec(query) ?? []) : [];
  if (whole === "" || query.includes(",")) {
    return { ...where, everywhere: where.everywhere && node.name.toLowerCase() === "media" && EVERYWHERE.test(query.trim()) };
  }
  const scheme: Scheme = named.toLowerCase() === "dark" ? "dark" : "light";
  const rest = query
    .replace(SCHEME_QUERY, " ")
    .replace(/\band\s+and\b/giu, "and")
    .replace(/^\s*and\b|\band\s*$/giu, " ")
    .trim();
  const asked = `style(--satchel-dark:${scheme === "dark" ? 1 : 0})`;
  const plain = EVERYWHERE.test(rest);
  if (plain || node.block === null) {
    node.name = "container";
    node.prelude = { type: "Raw", value: asked };
  } else {
    const group: css.Atrule = { type: "Atrule", name: "container", prelude: { type: "Raw", value: asked }, block: node.block };
    node.prelude = { type: "Raw", value: rest };
    node.block = { type: "Block", children: new css.List<css.CssNode>().fromArray([group]) };
  }
  return { ...where, scheme, everywhere: where.everywhere && plain };
}

function paint(node: css.Rule, where: Where, rules: PaintingRule[]): void {
  const declarations = node.block.children.toArray().flatMap(declarationOf);
  node.block.children = node.block.children.filter((child) => child.type !== "Declaration");
  const block = where.scheme === "dark" ? asWritten(declarations, where.variables) : inBothSchemes(declarations, where.variables);
  for (const { property, value, important } of block.declarations) {
    node.block.children.appendData({ type: "Declaration", property, important, value: { type: "Raw", value } });
  }
  const written = css.generate(node.prelude);
  const prelude = where.scheme === "both" ? written : written.split(",").map(belowRoot).join(",");
  if (prelude !== written) node.prelude = { type: "Raw", value: prelude };
  if (!where.everywhere || (block.text === null && block.ground === null)) return;
  for (const pattern of readSelectors(prelude)) {
    rules.push({ pattern, block, scheme: where.scheme, order: rules.length });
  }
}

/** A query about a style asks what an element lies in, and the root lies in nothing: what is said of it is said of the body. */
function belowRoot(selector: string): string {
  return /^\s*(?:html|:root)\s*$/iu.test(selector) ? "body" : selector;
}
