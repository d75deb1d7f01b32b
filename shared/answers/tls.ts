import type { KnownAnswer } from "./answer.ts";

/** Certificates, encryption and clocks. */
export const TLS = [
  {
    id: "antivirus-avast",
    codes: ["certificate-unknown-issuer", "certificate-self-signed"],
    facts: { issuer: /avast|\bavg\b/iu },
    mend: "look-closer",
  },
  {
    id: "antivirus-kaspersky",
    codes: ["certificate-unknown-issuer", "certificate-self-signed"],
    facts: { issuer: /kaspersky/iu },
    mend: "look-closer",
  },
  {
    id: "antivirus-eset",
    codes: ["certificate-unknown-issuer", "certificate-self-signed"],
    facts: { issuer: /\beset\b/iu },
    mend: "look-closer",
  },
  {
    id: "antivirus-bitdefender",
    codes: ["certificate-unknown-issuer", "certificate-self-signed"],
    facts: { issuer: /bitdefender/iu },
    mend: "look-closer",
  },
  {
    id: "antivirus-norton",
    codes: ["certificate-unknown-issuer", "certificate-self-signed"],
    facts: { issuer: /norton|symantec endpoint|gen digital/iu },
    mend: "look-closer",
  },
  {
    id: "antivirus-drweb",
    codes: ["certificate-unknown-issuer", "certificate-self-signed"],
    facts: { issuer: /dr\.?\s?web/iu },
    mend: "look-closer",
  },
  {
    id: "antivirus-gdata",
    codes: ["certificate-unknown-issuer", "certificate-self-signed"],
    facts: { issuer: /g ?data/iu },
    mend: "look-closer",
  },
  {
    id: "company-inspection",
    codes: ["certificate-unknown-issuer", "certificate-self-signed"],
    facts: {
      issuer:
        /forti(?:gate|net)|zscaler|sophos|umbrella|palo ?alto|blue ?coat|websense|forcepoint|netskope|checkpoint|check point|sangfor|深信服|奇安信|watchguard|sonicwall|untangle/iu,
    },
    mend: "tell-admin",
  },
  { id: "clock-behind", facts: { clock: /^behind$/iu }, mend: "set-clock" },
  { id: "clock-ahead", facts: { clock: /^ahead$/iu }, mend: "set-clock" },
  { id: "certificate-future", codes: ["certificate-not-yet-valid"], mend: "set-clock" },
  { id: "certificate-ran-out", codes: ["certificate-expired"], facts: { until: /./iu }, mend: "tell-admin" },
  { id: "certificate-other-name", codes: ["certificate-wrong-name"], facts: { names: /./iu }, mend: "change-servers" },
  { id: "certificate-of-bridge", codes: ["certificate-self-signed"], host: /^(?:127\.|localhost$|::1$)/iu, mend: "look-closer" },
  { id: "certificate-own", codes: ["certificate-self-signed"], mend: "look-closer" },
  { id: "chain-incomplete", codes: ["certificate-unknown-issuer"], facts: { chain: /^incomplete$/iu, issuer: /./iu }, mend: "tell-admin" },
  { id: "authority-unknown", codes: ["certificate-unknown-issuer"], mend: "look-closer" },
  { id: "tls-on-plain-port", codes: ["tls-failed"], facts: { port: /^(?:143|110|587|25)$/iu }, mend: "find-way" },
  { id: "tls-not-spoken", codes: ["tls-failed"], facts: { system: /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/iu }, mend: "find-way" },
  { id: "starttls-stripped", codes: ["starttls-missing"], facts: { port: /^(?:143|110|587)$/iu }, mend: "find-way" },
  { id: "tls-outdated", codes: ["tls-too-old"], mend: "tell-admin" },
  {
    id: "clock-token",
    says: /not within its valid time|AADSTS(?:700024|500133)|clock skew|token (?:is )?not yet valid/iu,
    mend: "set-clock",
  },
] as const satisfies readonly KnownAnswer[];
