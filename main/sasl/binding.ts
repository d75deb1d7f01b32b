import { createHash, type X509Certificate } from "node:crypto";
import { TLSSocket } from "node:tls";
import type { ChannelBinding } from "./dialogue.ts";

/** RFC 9266 §4.2. */
const EXPORTER = ["EXPORTER-Channel-Binding", 32] as const;

/**
 * What this TLS connection and no other has: the exporter of TLS 1.3 (RFC 9266), before that the server's certificate (RFC 5929 §4). Null where
 * the line is not TLS, or the certificate is signed in a way for which no hash is agreed.
 */
export function bindingOf(line: unknown): ChannelBinding | null {
  if (!(line instanceof TLSSocket)) return null;
  if (line.getProtocol() === "TLSv1.3") {
    const [label, length] = EXPORTER;
    return { kind: "tls-exporter", bytes: line.exportKeyingMaterial(length, label, Buffer.alloc(0)) };
  }
  const certificate = line.getPeerX509Certificate();
  return certificate === undefined ? null : endPoint(certificate);
}

function endPoint(certificate: X509Certificate): ChannelBinding | null {
  const hash = signatureHash(certificate);
  return hash === null ? null : { kind: "tls-server-end-point", bytes: createHash(hash).update(certificate.raw).digest() };
}

/** RFC 5929 §4.1: the hash of the certificate's signature, SHA-256 in the place of MD5 and SHA-1. */
function signatureHash({ signatureAlgorithm = "" }: { readonly signatureAlgorithm?: string | undefined }): string | null {
  const name = /(?:sha|SHA)-?(1|224|256|384|512)/u.exec(signatureAlgorithm)?.[1];
  if (name === undefined) return /md5/iu.test(signatureAlgorithm) ? "sha256" : null;
  return name === "1" ? "sha256" : `sha${name}`;
}
