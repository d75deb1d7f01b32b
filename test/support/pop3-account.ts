import type { LeaveOnServer } from "../../shared/contract/accounts.ts";
import type { HostLine } from "./host-process.ts";

/** Adds a POP3 account on the loopback servers of a test, with a vault if there is none yet. */
export async function addPop3Account(
  line: HostLine,
  account: { address: string; password: string; pop3: number; smtp: number; leaveOnServer: LeaveOnServer },
): Promise<void> {
  const { vault } = await line.request("accounts.list", {});
  if (vault.kind === "none") await line.request("accounts.createVault", { passphrase: null });
  const { address, leaveOnServer } = account;
  const server = { host: "127.0.0.1", security: "plain", user: address } as const;
  await line.request("accounts.add", {
    address,
    accountName: address,
    personName: "",
    settings: {
      protocol: "pop3",
      incoming: { ...server, port: account.pop3 },
      outgoing: { ...server, port: account.smtp },
      leaveOnServer,
    },
    credential: { kind: "password", password: account.password },
  });
}
