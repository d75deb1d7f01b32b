import i18next from "i18next";
import type { ProxySettings, ServerSettings } from "../../../shared/contract/accounts.ts";

/** `smtp.harbour.example:465 TLS`. */
export function serverText({ host, port, security }: ServerSettings): string {
  const kind = { tls: "TLS", starttls: "STARTTLS", plain: "" }[security];
  return `${host}:${port}${kind === "" ? "" : ` ${kind}`}`;
}

/** `SOCKS5 proxy: proxy.harbour.example:1080`. */
export function proxyText(proxy: ProxySettings = { kind: "none" }): string {
  const kind = i18next.t(`proxy:${proxy.kind}`);
  return "host" in proxy ? i18next.t("proxy:rowThrough", { kind, proxy: `${proxy.host}:${proxy.port}` }) : kind;
}
