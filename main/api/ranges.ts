import type { AssetAnswer } from "./assets.ts";

const RANGE = /^bytes=(\d*)-(\d*)$/u;

/**
 * The whole of `body`, or the one stretch that a Range header asks for (RFC 9110 §14.2): players jump by it. Several stretches at once and what is
 * no range are answered with the whole.
 */
export function rangeAnswer(body: Uint8Array, headers: Record<string, string>, range: string | null): AssetAnswer {
  const whole = { status: 200, headers: { ...headers, "accept-ranges": "bytes" }, body };
  const [, from = "", to = ""] = RANGE.exec(range ?? "") ?? [];
  if (from === "" && to === "") return whole;
  const size = body.byteLength;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size : Math.min(size, Number(to) + 1);
  if (from !== "" && to !== "" && Number(to) < Number(from)) return whole;
  if (start >= size || start >= end) {
    return { status: 416, headers: { ...headers, "content-range": `bytes */${size}` }, body: new Uint8Array() };
  }
  return {
    status: 206,
    headers: { ...whole.headers, "content-range": `bytes ${start}-${end - 1}/${size}` },
    body: body.subarray(start, end),
  };
}
