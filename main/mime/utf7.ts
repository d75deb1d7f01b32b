/** RFC 2152: text in 7 bits, everything else as UTF-16BE in base64 between + and -. Broken runs become U+FFFD. */
export function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)-?/gu, (_whole, run: string) => {
    if (run === "") return "+";
    const bytes = Buffer.from(run, "base64");
    let out = "";
    for (let i = 0; i + 2 <= bytes.length; i += 2) out += String.fromCharCode(bytes.readUInt16BE(i));
    return out.isWellFormed() ? out : out.toWellFormed();
  });
}
