/**
 * The content security policy of the window in both hosts: only the program's own files, no inline script, nothing from the network.
 * Frames show mail from asset addresses, under the stricter policy that the engine sends with each.
 * @param styleNonce for the style elements that the window's own libraries make while it runs
 */
export function windowPolicy(styleNonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${styleNonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** For a thread that reads what strangers made: it may load the program's own scripts, and reach nothing. */
export const THREAD_POLICY = "default-src 'none'; script-src 'self'";

/** For an asset whose headers bring no policy of their own: bytes to show or save, never to run. */
export const ASSET_POLICY = "default-src 'none'; sandbox; frame-ancestors 'self'";

/** What goes with every answer of a host. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  // Links in a text are hosts that the reader has not asked for yet.
  "x-dns-prefetch-control": "off",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()",
};

/**
 * The headers of an asset answer. An opaque frame is another origin even to the files of its own message, so assets are readable from
 * anywhere; what protects them is the key in their address.
 */
export function assetHeaders(engine: Readonly<Record<string, string>>): Record<string, string> {
  const given = Object.fromEntries(Object.entries(engine).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    "content-security-policy": ASSET_POLICY,
    "cache-control": "private, no-store",
    ...given,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "cross-origin",
  };
}
