import type { AccountSettings } from "../../shared/contract/accounts.ts";
import type { ShownCertificate } from "../../shared/contract/certificates.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { AccountId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";

export type Look =
  | { readonly kind: "looking" }
  | { readonly kind: "shown"; readonly certificate: ShownCertificate }
  | { readonly kind: "failed"; readonly failure: FailureData };

/** What a server shows now. Never rejects. */
export async function lookAtCertificate(
  settings: AccountSettings,
  side: "incoming" | "outgoing",
  accountId: AccountId | null,
): Promise<Look> {
  try {
    const asked = { settings, side, ...(accountId === null ? {} : { accountId }) };
    return { kind: "shown", certificate: await client.request("certificates.look", asked) };
  } catch (error) {
    return { kind: "failed", failure: asFailure(error).data() };
  }
}

/** The settings with this certificate pinned for one side, or with none. The other side keeps its own, unless it is the same host and port. */
export function withPinned(
  settings: AccountSettings,
  side: "incoming" | "outgoing",
  certificate: Pick<ShownCertificate, "sha256" | "pem"> | null,
): AccountSettings {
  const { pinned: _, ...rest } = settings[side];
  const server = certificate === null ? rest : { ...rest, pinned: { sha256: certificate.sha256, pem: certificate.pem } };
  return { ...settings, [side]: server };
}
