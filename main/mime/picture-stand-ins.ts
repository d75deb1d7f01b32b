import { cleanLine } from "./clean.ts";

/** What stands where a picture is not shown. The sender's class stays with it, so that what is hidden by a rule stays hidden. */
export const STAND_IN = "satchel-picture";

/** A sheet of paper with hills and a sun, as an icon of 24 units. */
const SIGN =
  "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='%23000' stroke-width='1.75' stroke-linecap='round' stroke-linejoin='round'%3E%3Crect width='18' height='18' x='3' y='3' rx='2'/%3E%3Ccircle cx='9' cy='9' r='2'/%3E%3Cpath d='m21 15-3.1-3.1a2 2 0 0 0-2.8 0L6 21'/%3E%3C/svg%3E";

/** How it looks in a page of ours, whatever the sender's sheets say: on a ground of its own, because the sender's was made for a picture. */
export function standInStyle({ ground, text, line }: { ground: string; text: string; line: string }): string {
  const own = `box-sizing:border-box;width:fit-content;max-width:100%;height:auto;min-width:0;min-height:0;max-height:none;padding:1px 8px;border:1px dashed ${line};border-radius:4px;background:${ground};color:${text};font-style:normal;font-weight:400;font-size:12px;line-height:18px;letter-spacing:normal;text-align:start;text-indent:0;text-transform:none;white-space:normal;overflow-wrap:break-word`;
  // What keeps its little room would have a frame drawn around it.
  return `:where(.${STAND_IN}){display:inline-block}
.${STAND_IN}{${own.replaceAll(";", "!important;")}!important}
.${STAND_IN}::before{content:""!important;display:inline-block!important;width:14px!important;height:14px!important;margin-inline-end:6px!important;vertical-align:-2px!important;background:currentColor!important;mask:url("data:image/svg+xml,${SIGN}") center/contain no-repeat!important}
img:not([src]){visibility:hidden!important}
.${STAND_IN}:empty{padding-inline:4px!important}.${STAND_IN}:empty::before{margin:0!important}`;
}

/** With an edge as short as this it was no picture: it counts readers, draws a rule or keeps a distance. */
const SPACER_PX = 8;
/** Without words, smaller ones are bullets and corners: nobody misses them. */
const BULLET_PX = 32;

/**
 * Puts something small in the place of pictures that have no address: the words that the sender gave them, or nothing but a sign.
 * Their width and height would keep the room of the whole picture, which is blank. Once they may be shown, none of this is done.
 * @param mail the cleaned message; changed in place
 */
export function standInForPictures(mail: Element): void {
  for (const picture of mail.querySelectorAll("img:not([src])")) {
    const alt = cleanLine(picture.getAttribute("alt") ?? "");
    // Its words would be painted over the little room that it keeps.
    picture.removeAttribute("alt");
    const edge = shortestEdge(picture);
    if (edge <= SPACER_PX || (alt === "" && edge < BULLET_PX) || isHidden(picture)) continue;
    const instead = mail.ownerDocument.createElement("span");
    instead.setAttribute("class", `${STAND_IN} ${picture.getAttribute("class") ?? ""}`.trim());
    instead.textContent = alt;
    picture.replaceWith(instead);
    giveBackRoom(instead, mail);
  }
}

/** In pixels, of the edges that are said; endless where none is. */
function shortestEdge(picture: Element): number {
  const style = picture.getAttribute("style") ?? "";
  const said = ["width", "height"].flatMap((name) => [
    /^\s*(\d+(?:\.\d+)?)(?:px)?\s*$/u.exec(picture.getAttribute(name) ?? "")?.[1],
    new RegExp(`(?:^|;)\\s*(?:max-)?${name}\\s*:\\s*(\\d+(?:\\.\\d+)?)(?:px)?\\s*(?:!important\\s*)?(?:;|$)`, "iu").exec(style)?.[1],
  ]);
  return Math.min(...said.map((value) => (value === undefined ? Number.POSITIVE_INFINITY : Number(value))));
}

function isHidden(picture: Element): boolean {
  const style = picture.getAttribute("style") ?? "";
  return (
    picture.hasAttribute("hidden") || /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0\s*(?:;|$))/iu.test(style)
  );
}

const OTHERS = "img, hr, table, ul, ol";

/** A cell that was made for this picture alone is as high as it was. */
function giveBackRoom(instead: Element, mail: Element): void {
  const words = instead.textContent;
  for (let box = instead.parentElement; box !== null && box !== mail; box = box.parentElement) {
    if (box.textContent?.trim() !== words || box.querySelector(OTHERS) !== null || box.querySelectorAll(`.${STAND_IN}`).length > 1) return;
    box.removeAttribute("height");
    const style = box.getAttribute("style");
    if (style === null || !style.includes("height")) continue;
    box.setAttribute("style", style.replace(/(^|;)\s*(?:min-)?height\s*:[^;]*/giu, "$1"));
  }
}
