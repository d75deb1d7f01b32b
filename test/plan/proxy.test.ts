import fc from "fast-check";
import { expect, test } from "vitest";
import { DIRECT, parseProxyList, routesFromEnvironment } from "../../main/plan/proxy.ts";

const none = { user: null, password: null };

test("a system's list is read in its order", () => {
  expect(parseProxyList("PROXY proxy.example:3128; SOCKS5 [2001:db8::1]:1081; HTTPS secure.example ;DIRECT")).toEqual([
    { kind: "http", host: "proxy.example", port: 3128, ...none },
    { kind: "socks5", host: "2001:db8::1", port: 1081, ...none },
    { kind: "https", host: "secure.example", port: 443, ...none },
    { kind: "direct" },
  ]);
  expect(parseProxyList("")).toEqual(DIRECT);
});

test("a list of which nothing is understood names no way, so that nothing goes directly by mistake", () => {
  expect(parseProxyList("QUIC proxy.example:443")).toEqual([]);
  expect(parseProxyList("PROXY ")).toEqual([]);
});

test("variables are read as other programs read them", () => {
  const env = { https_proxy: "http://lin:p%40ss@proxy.example:3128", NO_PROXY: "localhost, .intern.example,mail.example:993" };
  const [route] = routesFromEnvironment(env, "imap.example.org", 993);
  expect(route).toEqual({ kind: "http", host: "proxy.example", port: 3128, user: "lin", password: "p@ss" });
  for (const [host, port] of [
    ["a.intern.example", 993],
    ["intern.example", 993],
    ["mail.example", 993],
    ["127.0.0.1", 993],
    ["localhost", 1],
  ] as const)
    expect(routesFromEnvironment(env, host, port), host).toEqual(DIRECT);
  expect(routesFromEnvironment(env, "mail.example", 465)).not.toEqual(DIRECT);
  expect(routesFromEnvironment(env, "notintern.example", 993)).not.toEqual(DIRECT);
  expect(routesFromEnvironment({ ALL_PROXY: "socks5h://127.0.0.1:9050" }, "imap.example.org", 993)).toEqual([
    { kind: "socks5", host: "127.0.0.1", port: 9050, ...none },
  ]);
  expect(routesFromEnvironment({ HTTPS_PROXY: "proxy.example" }, "imap.example.org", 993)[0]).toMatchObject({ kind: "http", port: 80 });
  expect(routesFromEnvironment({ HTTPS_PROXY: "x", NO_PROXY: "*" }, "imap.example.org", 993)).toEqual(DIRECT);
  expect(routesFromEnvironment({ HTTPS_PROXY: "gopher://x" }, "imap.example.org", 993)).toEqual([]);
});

test("whatever is written there, a way has a host and a port, or there is none", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (list, variable) => {
      for (const route of [
        ...parseProxyList(list),
        ...parseProxyList(`PROXY ${list}`),
        ...routesFromEnvironment({ HTTPS_PROXY: variable }, "a.example", 1),
      ])
        if (route.kind !== "direct") expect(route.host !== "" && route.port > 0 && route.port < 65_536).toBe(true);
    }),
  );
});
