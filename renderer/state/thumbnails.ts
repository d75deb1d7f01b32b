import type { PlacementId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";

/** Pixels of a mark's side: what the largest place for it takes on a screen of twice the density. */
const SIDE = 128;
/** Marks that are kept, 64 KB each. */
const MOST_KEPT = 200;

const kept = new Map<string, Promise<ImageBitmap | null>>();
let before: Promise<unknown> = Promise.resolve();

/**
 * A small square of an attached picture; null where there is none. The engine says what may be decoded, the window decodes it, one after the
 * other, because each is as large as the whole picture for a moment.
 */
export function thumbnailOf(placementId: PlacementId, part: string): Promise<ImageBitmap | null> {
  const key = `${placementId}:${part}`;
  const known = kept.get(key);
  if (known !== undefined) {
    // Seen again: it goes last.
    kept.delete(key);
    kept.set(key, known);
    return known;
  }
  const made = before.then(() => makeThumbnail(placementId, part)).catch(() => null);
  before = made;
  kept.set(key, made);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) {
    void kept.get(oldest)?.then((mark) => mark?.close());
    kept.delete(oldest);
  }
  return made;
}

async function makeThumbnail(placementId: PlacementId, part: string): Promise<ImageBitmap | null> {
  const { url } = await client.request("preview.thumbnail", { placementId, part });
  if (url === null) return null;
  const answer = await fetch(url);
  if (!answer.ok) return null;
  // Upright, as a camera's EXIF says.
  const picture = await createImageBitmap(await answer.blob(), { imageOrientation: "from-image" });
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const pen = canvas.getContext("2d");
  if (pen === null) return null;
  const side = Math.min(picture.width, picture.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  picture.close();
  return canvas.transferToImageBitmap();
}
