import { expect, test } from "vitest";
import { lookUp, type ResolveMx } from "../../main/accounts/lookup.ts";

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
