// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { useAccounts } from "../../../renderer/state/accounts.ts";
import { startNotices } from "../../../renderer/state/notices.ts";
import { useToasts } from "../../../renderer/state/toasts.ts";
import type { Notice } from "../../../shared/contract/health.ts";
import { Failure } from "../../../shared/failure.ts";
import { FakeEngine } from "../../support/fake-engine/engine.ts";
import { HARBOUR } from "../../support/fake-engine/mailbox.ts";

const engine = vi.hoisted(() => ({ notices: [] as Notice[], connected: () => undefined as undefined | Promise<void> }));
vi.mock("../../../renderer/client/engine.ts", () => ({
  client: {
    request: () => Promise.resolve({ notices: engine.notices }),
    on: () => () => undefined,
    onConnect: (heard: () => undefined) => {
      engine.connected = heard;
    },
  },
}));

test("an account that has stopped is told by its name, and its button knows whose it is", async () => {
  useAccounts.setState({ accounts: new FakeEngine(0).accounts, loaded: true });
  const failure = new Failure("wrong-password", { serverWords: "535 no" }).data();
  engine.notices = [{ id: 1, at: 0, code: "account-stopped", params: { account: HARBOUR }, failure }];
  startNotices();
  engine.connected();
  await vi.waitFor(() => expect(useToasts.getState().current).not.toBeNull());
  expect(useToasts.getState().current).toMatchObject({ params: { account: "Harbour Studio" }, accountId: HARBOUR, failure, lastsMs: null });
});
