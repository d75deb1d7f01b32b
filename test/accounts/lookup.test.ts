import { expect, test } from "vitest";
import { lookUp, type ResolveMx } from "../../main/accounts/lookup.ts";
import { databaseSettings, listedDomains } from "../../main/accounts/provider-database.ts";
import { accountSettings } from "../../shared/contract/accounts.ts";

const nobody: ResolveMx = () => Promise.resolve([]);

test("a known domain asks nobody, however it is written", async () => {
  const asked: string[] = [];
  const found = await lookUp("  User1@GMail.com ", (domain) => {
    asked.push(domain);
    return Promise.resolve([]);
  });
  expect(asked).toEqual([]);
  expect(found).toMatchObject({ provider: "gmail", secret: "app-password" });
  expect(found.settings.map(({ settings }) => settings.protocol)).toEqual(["imap", "pop3"]);
  expect(found.settings[0]).toMatchObject({
    source: "preset",
    settings: { incoming: { host: "imap.gmail.com", user: "User1@GMail.com" } },
  });
});

test.each([
  ["mxbiz1.qq.com", "exmail"],
  ["in1-smtp.messagingengine.com", "fastmail"],
  ["ASPMX.L.GOOGLE.COM.", "gmail"],
  ["example-test.mail.protection.outlook.com", "outlook"],
])("a company's own domain is known by its mail exchanger %s", async (exchanger, provider) => {
  const asked: string[] = [];
  const found = await lookUp("user1@example.test", (domain) => {
    asked.push(domain);
    return Promise.resolve([exchanger]);
  });
  // The domain and nothing of the name before it.
  expect(asked).toEqual(["example.test"]);
  expect(found.provider).toBe(provider);
});

test.each(["evilgoogle.com", "google.com.example.test"])(
  "an exchanger that only looks like a provider's is none: %s",
  async (exchanger) => {
    expect((await lookUp("user1@example.test", () => Promise.resolve([exchanger]))).provider).toBeNull();
  },
);

test("guesses are made for the domain itself, and with TLS only", async () => {
  const { provider, secret, helpUrl, settings } = await lookUp("user1@example.test", nobody);
  expect({ provider, secret, helpUrl }).toEqual({ provider: null, secret: "password", helpUrl: null });
  expect(settings.length).toBeGreaterThan(2);
  const protocols = settings.map((one) => one.settings.protocol);
  // Nobody gets POP3 without having asked for it.
  expect(protocols).toEqual(protocols.toSorted());
  expect(protocols).toContain("pop3");
  for (const { source, settings: guess } of settings) {
    expect(source).toBe("guess");
    for (const { host, security, user } of [guess.incoming, guess.outgoing]) {
      expect(host).toMatch(/(?:^|\.)example\.test$/u);
      expect(security).not.toBe("plain");
      expect(user).toBe("user1@example.test");
    }
  }
});

test.each(["", "user1", "user1@", "@example.test", "user 1@example.test", "user1@example.test, user2@example.test"])(
  "what is no address is said to be none: %j",
  async (address) => {
    await expect(lookUp(address, nobody)).rejects.toMatchObject({ code: "bad-address", kind: "invalid" });
  },
);

test("a domain of the list that comes with the program asks nobody, and has who signs in as its provider wants it", async () => {
  const found = await lookUp("user.one@GMX.eu", () => Promise.reject(new Error("asked")));
  expect(found).toMatchObject({ provider: null, secret: "password" });
  expect(found.settings.map(({ source, settings }) => [source, settings.protocol, settings.incoming.host])).toEqual([
    ["database", "imap", "imap.gmx.net"],
    ["database", "pop3", "pop.gmx.net"],
  ]);
  const [byName] = (await lookUp("user1@alice.it", nobody)).settings;
  expect(byName?.settings.incoming.security).toBe("starttls");
});

test("a domain whose mail a listed provider takes is found by it, and says so", async () => {
  const { settings } = await lookUp("user1@example.test", () => Promise.resolve(["mx00.kundenserver.de."]));
  expect(settings[0]).toMatchObject({ source: "exchanger", settings: { incoming: { host: "imap.1und1.de", user: "user1@example.test" } } });
  expect((await lookUp("user1@example.test", () => Promise.resolve(["mx.de"]))).settings[0]?.source).toBe("guess");
});

test("every line of the list gives settings that the contract takes, and none without TLS", () => {
  const domains = listedDomains();
  expect(domains.length).toBeGreaterThan(700);
  for (const domain of domains) {
    const settings = databaseSettings(domain, `user1@${domain}`);
    expect(settings.length, domain).toBeGreaterThan(0);
    for (const one of settings) {
      expect(accountSettings.safeParse(one).success, domain).toBe(true);
      for (const { host, port, security, user } of [one.incoming, one.outgoing]) {
        expect(host, domain).toMatch(/^[a-z0-9][a-z0-9.-]+\.[a-z0-9-]+$/u);
        expect(port, domain).toBeGreaterThan(0);
        expect(security, domain).not.toBe("plain");
        expect(user, domain).not.toMatch(/%|^$/u);
      }
    }
  }
});
