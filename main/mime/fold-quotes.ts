/** Elements that hold nothing but the message that is answered. */
const WHOLE = [
  ".gmail_quote",
  ".gmail_quote_container",
  'blockquote[type="cite"]',
  ".yahoo_quoted",
  ".protonmail_quote",
  ".tutanota_quote",
  ".zmail_extra",
  ".moz-forward-container",
  "#isReplyContent",
  "#isForwardContent",
  ".ntes_not_fresh_fold",
  "blockquote.quote",
].join(",");

/** Elements after which everything, themselves included, is quoted: Outlook on the web, its app, Outlook for Mac. */
const FROM_HERE = [
  "#appendonsend",
  "#divRplyFwdMsg",
  "#mail-editor-reference-message-container",
  "#OLK_SRC_BODY_SECTION",
  "#ms-outlook-mobile-signature + hr",
].join(",");

/** Outlook for Windows: a rule above "From: … Sent: … To: … Subject: …". */
const OUTLOOK_RULE = /border-top:\s*solid\s*#(?:e1e1e1|b5c4df)/iu;
const OUTLOOK_HEAD =
  /^\s*(?:from|von|de|da|van|发件人|寄件者|差出人|보낸 사람)\s*[:：][\s\S]{1,400}?(?:sent|gesendet|envoyé|date|发送时间|日期|送信日時|时间|보낸 날짜)\s*[:：]/iu;

/** QQ Mail and Foxmail write the marker as text of its own. */
const MARKER = /^\s*(?:-{2,}\s*)?(?:原始邮件|原邮件|原始郵件|original message|original)(?:\s*-{2,})?\s*$/iu;
const ATTRIBUTION = /(?:wrote|写道|寫道|书写道|a écrit|schrieb|escribió|ha scritto|escreveu|のメール|書きました|작성)\s*[:：]?\s*$/iu;
/** NetEase answers plain text in one block: the line that introduces it, and lines behind signs. Its line breaks may be elements. */
const PLAIN_BLOCK = /^\s*(?:at|on|在|于)\s.{6,300}?(?:wrote|写道|寫道)\s*[:：]\s*>/iu;
const FORWARD = /^\s*-{3,}\s*(?:forwarded message|转发的?邮件|转发信息|weitergeleitete nachricht|message transféré)/iu;

const MOST_LOOKED_AT = 20_000;

/**
 * Wraps the quoted message in `<details class="satchel-quote">`, so that the frame folds it without a script. Forwards stay
 * open to the eye, and so does a quotation that is all there is.
 */
export function foldQuotes(body: Element, label: string): void {
  const start = firstQuote(body);
  if (start === null || FORWARD.test(start.from.textContent?.trimStart().slice(0, 80) ?? "")) return;
  const nodes = start.toEnd ? fromHereOn(start.from) : [...attribution(start.from), start.from];
  const first = nodes[0];
  const parent = first?.parentNode;
  if (first === undefined || !parent) return;
  const document = body.ownerDocument;
  const details = document.createElement("details");
  details.setAttribute("class", "satchel-quote");
  const summary = document.createElement("summary");
  summary.textContent = `… ${label}`;
  details.append(summary);
  parent.insertBefore(details, first);
  for (const node of nodes) details.append(node);
  if (!hasOwnWords(body, details)) details.setAttribute("open", "");
}

/** One of the names above stands somewhere: looking for words in the text is much cheaper than for elements. */
const NAMED =
  /gmail_quote|cite|yahoo_quoted|(?:protonmail|tutanota)_quote|zmail_extra|moz-forward-container|isReplyContent|isForwardContent|ntes_not_fresh_fold|class=["'][^"'>]*\bquote\b/u;
const NAMED_FROM = /appendonsend|divRplyFwdMsg|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION|ms-outlook-mobile-signature/u;

function firstQuote(body: Element): { from: Element; toEnd: boolean } | null {
  const source = body.innerHTML;
  const whole = NAMED.test(source) ? body.querySelector(WHOLE) : null;
  const here = NAMED_FROM.test(source) ? body.querySelector(FROM_HERE) : null;
  const marked = whole === null && here === null ? markedBlock(body) : null;
  if (marked !== null) return { from: marked, toEnd: true };
  if (here !== null && (whole === null || before(here, whole))) return { from: here, toEnd: true };
  return whole === null ? null : { from: whole, toEnd: false };
}

function before(one: Element, other: Element): boolean {
  return (one.compareDocumentPosition(other) & 4) !== 0;
}

function markedBlock(body: Element): Element | null {
  let looked = 0;
  for (const element of body.querySelectorAll("div, p, blockquote, span, font, pre")) {
    if (++looked > MOST_LOOKED_AT) return null;
    if (OUTLOOK_RULE.test(element.getAttribute("style") ?? "")) return outermost(element, body);
    if (element.tagName === "PRE") {
      if (PLAIN_BLOCK.test((element.textContent ?? "").slice(0, 500))) return element;
      continue;
    }
    const children = element.children.length;
    if (children > 12) continue;
    const text = element.textContent ?? "";
    if (text.length < 80 ? MARKER.test(text) : text.length < 1500 && children > 1 && OUTLOOK_HEAD.test(text))
      return outermost(element, body);
  }
  return null;
}

/** Climbs while the element is the first of its parent with nothing before it: the rule and its wrapper are one. */
function outermost(element: Element, body: Element): Element {
  let current = element;
  for (let parent = current.parentElement; parent !== null && parent !== body; parent = current.parentElement) {
    if (parent.firstElementChild !== current || (parent.textContent ?? "").trimStart().indexOf((current.textContent ?? "").trim()) !== 0)
      break;
    current = parent;
  }
  return current;
}

function fromHereOn(element: Element): Node[] {
  const nodes: Node[] = [];
  const rule = element.previousElementSibling;
  if (rule?.tagName === "HR") nodes.push(rule);
  for (let node: Node | null = element; node !== null; node = node.nextSibling) nodes.push(node);
  return nodes;
}

/** "On … wrote:" right above the quotation belongs to it. */
function attribution(quote: Element): Node[] {
  const nodes: Node[] = [];
  for (let node = quote.previousSibling; node !== null && nodes.length < 4; node = node.previousSibling) {
    const text = node.textContent?.trim() ?? "";
    if (text !== "" && !(text.length < 300 && ATTRIBUTION.test(text)) && !(isElement(node) && node.classList.contains("moz-cite-prefix")))
      break;
    nodes.unshift(node);
    if (text !== "") return nodes;
  }
  return [];
}

function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}

function hasOwnWords(body: Element, details: Element): boolean {
  const all = body.textContent?.replace(/\s+/gu, "").length ?? 0;
  const quoted = details.textContent?.replace(/\s+/gu, "").length ?? 0;
  return all > quoted || [...body.querySelectorAll("img")].some((image) => !details.contains(image));
}
