// @vitest-environment jsdom
import { act } from "react";
import { createRoot } from "react-dom/client";
import { expect, onTestFinished, test, vi } from "vitest";
import { setLanguage, startLanguage } from "../../../renderer/i18n/setup.ts";
import { useFolders } from "../../../renderer/state/folders.ts";
import { useSenders } from "../../../renderer/state/senders.ts";
import { BlockedNote } from "../../../renderer/ui/reader/sender-rules.tsx";

vi.mock("../../../renderer/client/engine.ts", () => ({
  client: {
    request: () => new Promise(() => undefined),
    on: () => () => undefined,
    onConnect: () => () => undefined,
    onDisconnect: () => () => undefined,
  },
}));

test.each([
  ["en", "new mail stays in the inbox"],
  ["zh-CN", "新邮件仍留在收件箱"],
] as const)("%s: without a Junk folder nobody is told that the next message goes there", async (language, words) => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  await startLanguage("en");
  await setLanguage(language);
  const host = document.body.appendChild(document.createElement("div"));
  const shown = createRoot(host);
  onTestFinished(() => act(() => shown.unmount()));
  useSenders.setState({ rules: [{ scope: "sender", value: "ann@shop.example", verdict: "block" }] } as never);
  const from = { name: "Ann", address: "ann@shop.example" };
  const withFolders = (folders: object[]): string => {
    useFolders.setState({ folders: folders as never });
    act(() => shown.render(<BlockedNote from={from} accountId={1 as never} />));
    return host.textContent ?? "";
  };
  expect(withFolders([{ id: 3, accountId: 2, role: "junk" }])).toContain(words);
  expect(withFolders([{ id: 4, accountId: 1, role: "junk" }])).not.toContain(words);
});
