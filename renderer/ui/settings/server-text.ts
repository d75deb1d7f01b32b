import type { ServerSettings } from "../../../shared/contract/accounts.ts";

/** `smtp.harbour.example:465 TLS`. */
export function serverText({ host, port, security }: ServerSettings): string {
  const kind = { tls: "TLS", starttls: "STARTTLS", plain: "" }[security];
  return `${host}:${port}${kind === "" ? "" : ` ${kind}`}`;
}
