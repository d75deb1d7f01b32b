/** What a provider's code or app password looks like, where that is known for certain. */
export type SecretShape = "letters16" | "lettersFigures16";

const SHAPES: Record<string, SecretShape> = {
  gmail: "letters16",
  icloud: "letters16",
  yahoo: "letters16",
  qq: "letters16",
  fastmail: "lettersFigures16",
  "163": "lettersFigures16",
  "126": "lettersFigures16",
  yeah: "lettersFigures16",
};

/** The secret as it goes to the server: codes are handed out in groups, and nobody copies them the same way. */
export function tidySecret(secret: string, kind: "password" | "app-password" | "authorization-code" | "browser"): string {
  return kind === "app-password" || kind === "authorization-code" ? secret.replaceAll(/[\s\u200b-]/gu, "") : secret;
}

/** The shape that `secret` should have and has not, or null. A password of one's own has no shape. */
export function wrongShape(secret: string, provider: string | null): SecretShape | null {
  const shape = provider === null ? undefined : SHAPES[provider];
  if (shape === undefined) return null;
  const tidy = secret.replaceAll(/[\s\u200b-]/gu, "");
  const fits = shape === "letters16" ? /^[a-z]{16}$/iu.test(tidy) : /^[a-z0-9]{16}$/iu.test(tidy);
  return fits ? null : shape;
}
