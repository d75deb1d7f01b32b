import { expect, test } from "vitest";
import { PROVIDERS, pop3SettingsOf, settingsOf } from "../../main/accounts/presets.ts";
import { accountSettings } from "../../shared/contract/accounts.ts";

test("a password goes to no provider without TLS", () => {
  for (const provider of PROVIDERS) {
    const { incoming, outgoing } = settingsOf(provider, `user1@${provider.domains[0] ?? ""}`);
    expect([provider.key, incoming.security, incoming.port]).toEqual([provider.key, "tls", 993]);
    expect(["465 tls", "587 starttls"]).toContain(`${outgoing.port} ${outgoing.security}`);
  }
});

test("POP3 is offered wherever the provider has it, over TLS, and leaves all mail on the server", () => {
  const without = PROVIDERS.filter(({ pop3 }) => pop3 === undefined).map(({ key }) => key);
  expect(without).toEqual(["icloud"]);
  for (const provider of PROVIDERS) {
    const address = `user1@${provider.domains[0] ?? ""}`;
    const settings = pop3SettingsOf(provider, address);
    if (settings === undefined) continue;
    expect(accountSettings.parse(settings)).toEqual(settings);
    expect(settings).toMatchObject({
      protocol: "pop3",
      incoming: { port: 995, security: "tls", user: address },
      leaveOnServer: { kind: "forever" },
    });
    expect(settings.outgoing).toEqual(settingsOf(provider, address).outgoing);
  }
});

test("every preset is what the contract takes for settings", () => {
  for (const provider of PROVIDERS) {
    const settings = settingsOf(provider, `user1@${provider.domains[0] ?? ""}`);
    expect(accountSettings.parse(settings)).toEqual(settings);
  }
});

test("a domain belongs to one provider, in lower case", () => {
  const domains = PROVIDERS.flatMap((provider) => provider.domains);
  expect(new Set(domains).size).toBe(domains.length);
  expect(domains.filter((domain) => domain !== domain.toLowerCase())).toEqual([]);
});

test("the help for app passwords is reached over https", () => {
  const addresses = PROVIDERS.flatMap(({ helpUrl }) => (helpUrl === null ? [] : [helpUrl]));
  expect(addresses.length).toBeGreaterThan(10);
  expect(addresses.filter((address) => !address.startsWith("https://"))).toEqual([]);
});

test("iCloud takes the name before the @ for reading and the whole address for sending", () => {
  const icloud = PROVIDERS.find(({ key }) => key === "icloud");
  if (icloud === undefined) throw new Error("no icloud");
  const { incoming, outgoing } = settingsOf(icloud, "user1@icloud.com");
  expect([incoming.user, outgoing.user]).toEqual(["user1", "user1@icloud.com"]);
});
