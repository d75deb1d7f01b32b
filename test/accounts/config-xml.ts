type Server = { type: string; host: string; port: string; socket: string; user: string; authentication: string };

const escaped = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    // XML 1.0 has no way to write most of these.
    .replaceAll(/[\p{Cc}\ufffe\uffff]/gu, "");

const serverXml = ({ type, host, port, socket, user, authentication }: Server): string => {
  const tag = type === "smtp" ? "outgoingServer" : "incomingServer";
  return `<${tag} type="${escaped(type)}"><hostname>${escaped(host)}</hostname><port>${escaped(port)}</port>
    <socketType>${escaped(socket)}</socketType><username>${escaped(user)}</username>
    <authentication>${escaped(authentication)}</authentication></${tag}>`;
};

/** A configuration file in Mozilla's format: an IMAP and an SMTP server over TLS, or what is given. */
export function configXml(
  options: { imap: string; smtp: string; imapPort?: number; smtpPort?: number; authentication?: string } | { servers: readonly Server[] },
): string {
  const one = (type: string, host: string, port: number, authentication: string): Server => ({
    type,
    host,
    port: String(port),
    socket: "SSL",
    user: "%EMAILADDRESS%",
    authentication,
  });
  const servers =
    "servers" in options
      ? options.servers
      : [
          one("imap", options.imap, options.imapPort ?? 993, options.authentication ?? "password-cleartext"),
          one("smtp", options.smtp, options.smtpPort ?? 465, options.authentication ?? "password-cleartext"),
        ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="example.test"><domain>example.test</domain>${servers.map(serverXml).join("\n")}
<documentation url="https://example.test/help"/></emailProvider></clientConfig>`;
}
