import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Paths of a throw-away authority and of one leaf signed by it. */
export interface Certificates {
  ca: string;
  cert: string;
  key: string;
}

export interface LeafOptions {
  /** What the leaf is for, as in `DNS:localhost,IP:127.0.0.1`. */
  altNames?: string;
  /** Days until it ends. -1 = ended yesterday. */
  days?: number;
}

/** Writes ca.pem, cert.pem and key.pem into the folder with the openssl program. */
export function makeCertificates(folder: string, options: LeafOptions = {}): Certificates {
  mkdirSync(folder, { recursive: true });
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

  openssl("req", "-x509", ...newKey, "-days", "3650", "-subj", "/CN=Satchel test authority", "-keyout", at("ca.key"), "-out", at("ca.pem"));
  openssl("req", ...newKey, "-subj", "/CN=localhost", "-keyout", at("key.pem"), "-out", at("request.pem"));
  writeFileSync(at("leaf.cnf"), `subjectAltName=${options.altNames ?? "DNS:localhost,IP:127.0.0.1"}\n`);
  const lasting = ["-days", String(options.days ?? 3650)];
  const authority = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial"];
  openssl("x509", "-req", "-in", at("request.pem"), ...authority, ...lasting, "-extfile", at("leaf.cnf"), "-out", at("cert.pem"));
  return { ca: at("ca.pem"), cert: at("cert.pem"), key: at("key.pem") };
}
