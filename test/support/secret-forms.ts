/** How a secret could stand in a file: as it is, and in base64 wherever in the encoded text it begins. */
export function secretForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/u, "");
    // The first and the last characters depend on what stands beside the secret.
    return text.slice(before === 0 ? 0 : before + 1, -1);
  });
  return [bytes.toString("latin1"), ...encoded];
}
