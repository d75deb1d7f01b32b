/** What a bare page does with a vector in Chromium. */
export type Bare =
  /** It calls: its name is looked up, or its host is greeted or asked. */
  | "calls"
  /** Its script runs. */
  | "runs"
  /** Nothing: it is for other readers of mail, or Chromium has mended it. Kept, because the next engine may not have. */
  | "nothing";

/** One way in which a message could call home, run, or get out of its frame. */
export type Vector = {
  /** A DNS label; unique. */
  readonly name: string;
  readonly html: (to: Addresses) => string;
  readonly bare: Bare;
  /** Works only once somebody points at and clicks what says "Press". */
  readonly press?: true;
  /** Works only where scripts are off, as they are in a mail reader. */
  readonly scriptless?: true;
};

/** The addresses that one vector uses in one run. Its key is in each of them, so that whatever is heard names it. */
export type Addresses = {
  readonly key: string;
  readonly host: string;
  /** Port of the plain server. */
  readonly port: number;
  http(file: string): string;
  https(file: string): string;
  /** `//host/…` */
  relative(file: string): string;
  /** JavaScript that says the key. Without quotes of either kind, so that it fits into any attribute. */
  readonly script: string;
};

export function addressesOf(key: string, servers: { domain: string; port: number; securePort: number }): Addresses {
  const host = `${key}.${servers.domain}`;
  return {
    key,
    host,
    port: servers.port,
    http: (file) => `http://${host}:${servers.port}/${key}/${file}`,
    https: (file) => `https://${host}:${servers.securePort}/${key}/${file}`,
    relative: (file) => `//${host}:${servers.port}/${key}/${file}`,
    script: `console.log(\`ran:${key}\`)`,
  };
}

/** Short form for the lists. */
export const vector = (name: string, bare: Bare, html: Vector["html"], more: Pick<Vector, "press" | "scriptless"> = {}): Vector => ({
  name,
  bare,
  html,
  ...more,
});
