import { expect, test, vi } from "vitest";

const asked: string[] = [];
const modes: unknown[] = [];
vi.mock("electron", () => ({
  session: {
    fromPartition: (name: string) => ({
      setProxy: (config: unknown) => {
        modes.push([name, config]);
        return Promise.resolve();
      },
      resolveProxy: (url: string) => {
        asked.push(url);
        return Promise.resolve("PROXY proxy.example:3128;DIRECT");
      },
    }),
  },
}));

test("the system is asked for each server by a session that loads nothing, and not for servers on this computer", async () => {
  const { systemProxy } = await import("../../main/electron/system-proxy.ts");
  const routes = [{ kind: "http", host: "proxy.example", port: 3128, user: null, password: null }, { kind: "direct" }];
  expect(await systemProxy("imap.example.org", 993)).toEqual(routes);
  expect(await systemProxy("2001:db8::1", 465)).toEqual(routes);
  expect(await systemProxy("127.0.0.1", 993)).toEqual([{ kind: "direct" }]);
  expect(asked).toEqual(["https://imap.example.org:993/", "https://[2001:db8::1]:465/"]);
  expect(modes).toEqual([["system-proxy", { mode: "system" }]]);
});
