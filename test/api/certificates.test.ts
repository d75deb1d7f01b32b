import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { certificatesHandlers } from "../../main/api/certificates.ts";
import { silentLog } from "../../main/log.ts";
import type { AccountSettings } from "../../shared/contract/accounts.ts";

test("working offline, no server is asked for its certificate", async () => {
  let called = 0;
  const server = createServer((socket) => {
    called += 1;
    socket.on("error", () => undefined);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const at = {
    host: "127.0.0.1",
    port: typeof address === "object" && address !== null ? address.port : 0,
    security: "tls",
    user: "lin",
  } as const;
  const settings: AccountSettings = { protocol: "imap", incoming: at, outgoing: at };
  let offline = true;
  const handlers = certificatesHandlers({
    wayTried: () => () => Promise.resolve([{ kind: "direct" }]),
    workOffline: { read: () => offline, write: () => undefined },
  });
  const look = (): unknown => handlers["certificates.look"]({ settings, side: "incoming" }, { correlation: "test", log: silentLog });
  expect(() => look()).toThrow("working-offline");
  expect(called).toBe(0);
  offline = false;
  await expect(look()).rejects.toMatchObject({ kind: "offline" });
  expect(called).toBe(1);
});
