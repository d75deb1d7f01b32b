/** A PDF of one page with these lines; the first is its title. Latin in Helvetica, everything else in the reader's own song face. */
export function pdf(lines: readonly string[]): Buffer {
  const drawn = lines.map((line, index) => {
    const size = index === 0 ? 18 : 11;
    const y = 780 - (index === 0 ? 0 : 24 + index * 18);
    return `BT 1 0 0 1 56 ${y} Tm ${runs(line, size)} ET`;
  });
  const content = drawn.join("\n");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /L 5 0 R /C 6 0 R >> >> >>",
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [7 0 R] >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 8 0 R >>",
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
  ];
  let out = "%PDF-1.5\n";
  const offsets = objects.map((body, index) => {
    const at = out.length;
    out += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${out.length}\n%%EOF\n`;
  return Buffer.from(`${out}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${trailer}`, "latin1");
}

/** Pieces of a line, each in the font that can show it. */
function runs(line: string, size: number): string {
  const pieces = line.match(/[\x20-\xff]+|[^\x20-\xff]+/g) ?? [];
  return pieces
    .map((piece) => {
      if (/^[\x20-\xff]/.test(piece)) return `/L ${size} Tf (${piece.replace(/[\\()]/g, "\\$&")}) Tj`;
      return `/C ${size} Tf <${Buffer.from(piece, "utf16le").swap16().toString("hex")}> Tj`;
    })
    .join(" ");
}
