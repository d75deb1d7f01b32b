import type { Fallback, GivenCredential, OutgoingServer, ServerSettings } from "../../shared/contract/accounts.ts";
import type { AccountId, OutgoingServerId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { runTest } from "./connection-test.ts";
import { tidySecret } from "./secret-shape.ts";
import { toastFailure } from "./toasts.ts";

/** A further outgoing server as its form has it; an empty secret leaves the one that is kept. */
export type OutgoingDraft = {
  readonly accountId: AccountId;
  readonly id: OutgoingServerId | null;
  readonly settings: ServerSettings;
  readonly secret: string;
};

function credentialOf(secret: string): GivenCredential | null {
  return secret === "" ? null : { kind: "password", password: tidySecret(secret, "password") };
}

export function testOutgoing({ accountId, id, settings, secret }: OutgoingDraft): void {
  void runTest({ kind: "outgoing", accountId, id, settings, credential: credentialOf(secret) });
}

export async function saveOutgoing({ accountId, id, settings, secret }: OutgoingDraft): Promise<void> {
  await client.request("accounts.saveOutgoing", { accountId, id, settings, credential: credentialOf(secret) });
}

export async function removeOutgoing(id: OutgoingServerId): Promise<void> {
  await client.request("accounts.removeOutgoing", { id });
}

/** One place up (-1) or down (1) among the servers. */
export function moveOutgoing(accountId: AccountId, servers: readonly OutgoingServer[], id: OutgoingServerId, by: -1 | 1): void {
  const ids = servers.map((one) => one.id);
  const from = ids.indexOf(id);
  ids.splice(from, 1);
  ids.splice(from + by, 0, id);
  client.request("accounts.orderOutgoing", { accountId, ids }).catch(toastFailure);
}

export function agreeTo(accountId: AccountId, fallback: Fallback): void {
  client.request("accounts.setFallback", { accountId, fallback }).catch(toastFailure);
}
