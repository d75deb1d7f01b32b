/** How a secret could stand in a file: as it is, and in base64 wherever in the encoded text it begins. */
export function secretForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // The first and the last characters may depend on what stands beside the secret: six bits make one.
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [bytes.toString("latin1"), ...encoded];
}
