/** Pictures are looked at this small: enough to tell a drawing on nothing from a photograph. */
const LOOKED_AT_PX = 24;
const MOST_PICTURES = 200;
/** Channels of an opaque pixel that has too little contrast to the dark ground to be seen, weighted as eyes do, 0–255. */
const DARK_BELOW = 96;

/** The mark on a picture that gets paper behind it in the dark; the message cannot set it, the cleaning keeps no `data-` of its own. */
export const BACKED = "data-satchel-backed";

/**
 * Whether a picture is drawn in dark lines on nothing, as many logos are: on a dark ground it would not be seen.
 * @param pixels red, green, blue and alpha of each, 0–255
 */
export function needsPaper(pixels: ArrayLike<number>): boolean {
  let [clear, opaque, dark] = [0, 0, 0];
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    const alpha = pixels[at + 3] ?? 0;
    if (alpha < 64) clear += 1;
    if (alpha < 128) continue;
    opaque += 1;
    if (0.3 * (pixels[at] ?? 0) + 0.59 * (pixels[at + 1] ?? 0) + 0.11 * (pixels[at + 2] ?? 0) < DARK_BELOW) dark += 1;
  }
  return opaque > 0 && clear * 10 > clear + opaque && dark * 2 > opaque;
}

/** Marks those pictures of a message, now and as they come. @returns ends it */
export function backLogos(page: Document): () => void {
  const canvas = document.createElement("canvas");
  canvas.width = LOOKED_AT_PX;
  canvas.height = LOOKED_AT_PX;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const look = (picture: HTMLImageElement): void => {
    if (context === null || !picture.complete || picture.naturalWidth < 2) return;
    context.clearRect(0, 0, LOOKED_AT_PX, LOOKED_AT_PX);
    context.drawImage(picture, 0, 0, LOOKED_AT_PX, LOOKED_AT_PX);
    picture.toggleAttribute(BACKED, needsPaper(context.getImageData(0, 0, LOOKED_AT_PX, LOOKED_AT_PX).data));
  };
  const loaded = ({ target }: Event): void => {
    if (isPicture(target)) look(target);
  };
  for (const picture of Array.from(page.images).slice(0, MOST_PICTURES)) look(picture);
  page.addEventListener("load", loaded, true);
  return () => page.removeEventListener("load", loaded, true);
}

/** Of another page, so of another class. */
function isPicture(target: EventTarget | null): target is HTMLImageElement {
  return target !== null && "naturalWidth" in target;
}
