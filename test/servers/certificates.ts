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
  /** First and last moment, in the place of `days`; ms UTC. */
  between?: readonly [from: number, until: number];
  /** What the authority is called. */
  authority?: string;
  /** Where the certificate says that its authority's can be had; as of those in between that servers forget. */
  caIssuers?: string;
}

/** Writes ca.pem, cert.pem and key.pem into the folder with the openssl program. */
export function makeCertificates(folder: string, options: LeafOptions = {}): Certificates {
  mkdirSync(folder, { recursive: true });
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

  openssl(
    "req",
    "-x509",
    ...newKey,
    "-days",
    "3650",
    "-subj",
    `/CN=${options.authority ?? "Satchel test authority"}`,
    "-keyout",
    at("ca.key"),
    "-out",
    at("ca.pem"),
  );
  openssl("req", ...newKey, "-subj", "/CN=localhost", "-keyout", at("key.pem"), "-out", at("request.pem"));
  const issuers = options.caIssuers === undefined ? "" : `authorityInfoAccess=caIssuers;URI:${options.caIssuers}\n`;
  writeFileSync(at("leaf.cnf"), `subjectAltName=${options.altNames ?? "DNS:localhost,IP:127.0.0.1"}\n${issuers}`);
  const made = { ca: at("ca.pem"), cert: at("cert.pem"), key: at("key.pem") };
  if (options.between !== undefined) {
    signBetween(folder, options.between);
    return made;
  }
  const lasting = ["-days", String(options.days ?? 3650)];
  const authority = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial"];
  openssl("x509", "-req", "-in", at("request.pem"), ...authority, ...lasting, "-extfile", at("leaf.cnf"), "-out", at("cert.pem"));
  return made;
}

/** `openssl x509` of today's systems begins every certificate now; `openssl ca` does not. */
function signBetween(folder: string, [from, until]: readonly [number, number]): void {
  const config = [
    "[ca]",
    "default_ca=own",
    "[own]",
    "database=index.txt",
    "serial=serial",
    "new_certs_dir=.",
    "default_md=sha256",
    "policy=any",
    "unique_subject=no",
    "[any]",
    "commonName=supplied",
  ];
  writeFileSync(join(folder, "ca.cnf"), `${config.join("\n")}\n`);
  writeFileSync(join(folder, "index.txt"), "");
  writeFileSync(join(folder, "serial"), "01\n");
  const moment = (at: number): string => `${new Date(at).toISOString().replace(/[-:T]|\.\d+/gu, "")}`;
  const signed = ["-in", "request.pem", "-out", "cert.pem", "-cert", "ca.pem", "-keyfile", "ca.key", "-extfile", "leaf.cnf"];
  const lasting = ["-startdate", moment(from), "-enddate", moment(until)];
  execFileSync("openssl", ["ca", "-batch", "-notext", "-config", "ca.cnf", ...signed, ...lasting], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
}
