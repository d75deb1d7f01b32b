import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fetched } from "../../main/accounts/fetch-config.ts";
import type { Finders } from "../../main/accounts/find-settings.ts";
import { lookUp } from "../../main/accounts/lookup.ts";
import { databaseSettings, listedDomains } from "../../main/accounts/provider-database.ts";
import type { SrvRecord } from "../../main/plan/srv-servers.ts";
import { accountSettings, type Lookup, lookup } from "../../shared/contract/accounts.ts";
import { configXml } from "./config-xml.ts";

type World = {
  /** Address of a configuration file → what is there. */
  files?: Readonly<Record<string, string | Fetched["kind"]>>;
  mx?: readonly string[] | "refuses" | "hangs";
  srv?: Readonly<Record<string, readonly SrvRecord[]>> | "refuses" | "hangs";
  /** "host:port" with a good certificate. */
  answering?: readonly string[];
  online?: Finders["onlineList"];
  /** Nobody is waited for. */
  late?: boolean;
};

/** A network as the test has it; `asked` is all that ever left. */
function world({ files = {}, mx = [], srv = {}, answering = [], online = null, late = false }: World = {}): Finders & { asked: string[] } {
  const asked: string[] = [];
  const never = new Promise<never>(() => undefined);
  return {
    asked,
    fetchConfig: (url) => {
      asked.push(url);
      const found = files[url] ?? "none";
      if (found === "slow" && !late) return never;
      if (found.startsWith("<")) return Promise.resolve({ kind: "found", bytes: new TextEncoder().encode(found) });
      return Promise.resolve({ kind: found as "none" });
    },
    resolveMx: (domain) => {
      asked.push(`MX ${domain}`);
      if (mx === "hangs") return never;
      return mx === "refuses" ? Promise.reject(new Error("SERVFAIL")) : Promise.resolve(mx);
    },
    resolveSrv: (name) => {
      asked.push(`SRV ${name}`);
      if (srv === "hangs") return never;
      return srv === "refuses" ? Promise.reject(new Error("SERVFAIL")) : Promise.resolve(srv[name] ?? []);
    },
    answers: (host, port) => {
      asked.push(`${host}:${port}`);
      return Promise.resolve(answering.includes(`${host}:${port}`));
    },
    onlineList: online,
    within: () => (late ? AbortSignal.abort() : new AbortController().signal),
    roll: () => 0,
  };
}
const nobody = world();
const AUTOCONFIG = "https://autoconfig.example.test/mail/config-v1.1.xml";
const WELL_KNOWN = "https://example.test/.well-known/autoconfig/mail/config-v1.1.xml";
const places = ({ settings }: Lookup) =>
  settings.map((one) => [one.source, one.confirm, one.settings.protocol, one.settings.incoming.host]);

test("a known domain asks nobody, however it is written", async () => {
  const finders = world();
  const found = await lookUp("  User1@GMail.com ", finders);
  expect(finders.asked).toEqual([]);
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
  const finders = world({ mx: [exchanger] });
  const found = await lookUp("user1@example.test", finders);
  // The domain and nothing of the name before it.
  expect(finders.asked).toContain("MX example.test");
  expect(finders.asked.filter((one) => one.includes("user1") || one.includes("@"))).toEqual([]);
  expect(found.provider).toBe(provider);
  expect(found.settings.every(({ source, confirm }) => source === "exchanger" && confirm)).toBe(true);
});

test.each(["evilgoogle.com", "google.com.example.test"])(
  "an exchanger that only looks like a provider's is none: %s",
  async (exchanger) => {
    expect((await lookUp("user1@example.test", world({ mx: [exchanger] }))).provider).toBeNull();
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

test("a domain of the list that comes with the program is found offline, and has who signs in as its provider wants it", async () => {
  const found = await lookUp("user.one@GMX.eu", null);
  expect(found).toMatchObject({ provider: "gmx", secret: "password" });
  expect(places(found)).toEqual([
    ["database", false, "imap", "imap.gmx.net"],
    ["database", false, "pop3", "pop.gmx.net"],
  ]);
  const [byName] = (await lookUp("user1@alice.it", nobody)).settings;
  expect(byName?.settings.incoming.security).toBe("starttls");
});

test("a domain whose mail a listed provider takes is found by it, and needs the user's word", async () => {
  const { settings } = await lookUp("user1@example.test", world({ mx: ["mx00.kundenserver.de."] }));
  expect(settings[0]).toMatchObject({
    source: "exchanger",
    from: "mx00.kundenserver.de",
    confirm: true,
    settings: { incoming: { host: "imap.1und1.de", user: "user1@example.test" } },
  });
  expect((await lookUp("user1@example.test", world({ mx: ["mx.de"] }))).settings[0]?.source).toBe("guess");
});

test("the domain's own word comes first, needs no other, and is told apart from the list that is newer nowhere", async () => {
  const finders = world({
    files: { [AUTOCONFIG]: configXml({ imap: "imap.example.test", smtp: "smtp.example.test" }) },
    mx: ["mxbiz1.qq.com"],
  });
  const found = await lookUp("user1@example.test", finders);
  // What its mail exchanger would have said is there to choose.
  expect(places(found)).toEqual([
    ["autoconfig", false, "imap", "imap.example.test"],
    ["exchanger", true, "imap", "imap.exmail.qq.com"],
  ]);
  expect(found.settings[0]?.from).toBe("autoconfig.example.test");
  expect(found.looked[0]).toEqual({ source: "autoconfig", host: "autoconfig.example.test", outcome: "found" });
  const listed = "https://autoconfig.gmx.eu/mail/config-v1.1.xml";
  const newer = await lookUp("user1@gmx.eu", world({ files: { [listed]: configXml({ imap: "new.gmx.eu", smtp: "new.gmx.eu" }) } }));
  expect(places(newer)[0]).toEqual(["autoconfig", false, "imap", "new.gmx.eu"]);
});

test("where the first place has none, the second is taken; what needs no word stands before what does", async () => {
  const well = await lookUp(
    "user1@example.test",
    world({ files: { [WELL_KNOWN]: configXml({ imap: "a.example.test", smtp: "b.example.test" }) } }),
  );
  expect(well.settings[0]?.from).toBe("example.test");
  const srv = {
    "_imaps._tcp.example.test": [record("mail.example.test", 993)],
    "_submissions._tcp.example.test": [record("mail.example.test", 465)],
  };
  const both = await lookUp("user1@example.test", world({ mx: ["mx00.kundenserver.de"], srv }));
  expect(places(both).map(([source, confirm]) => [source, confirm])).toEqual([
    ["srv", false],
    ["exchanger", true],
    ["exchanger", true],
  ]);
});

const record = (name: string, port: number): SrvRecord => ({ name, port, priority: 0, weight: 0 });

test("where places do not agree, all who have answered are there to choose from, and what two say is said once", async () => {
  const srv = {
    "_imaps._tcp.example.test": [{ priority: 0, weight: 0, port: 993, name: "imap.example.test" }],
    "_submissions._tcp.example.test": [{ priority: 0, weight: 0, port: 465, name: "smtp.example.test" }],
  };
  const said = world({
    files: { [AUTOCONFIG]: configXml({ imap: "mail.example.test", smtp: "mail.example.test" }) },
    mx: ["mxbiz1.qq.com"],
    srv,
  });
  const found = await lookUp("user1@example.test", said);
  expect(places(found).filter(([, , protocol]) => protocol === "imap")).toEqual([
    ["autoconfig", false, "imap", "mail.example.test"],
    ["srv", false, "imap", "imap.example.test"],
    ["exchanger", true, "imap", "imap.exmail.qq.com"],
  ]);
  expect(found.settings.map(({ from }) => from)).toEqual(
    expect.arrayContaining(["autoconfig.example.test", "example.test", "mxbiz1.qq.com"]),
  );
  const same = world({ files: { [AUTOCONFIG]: configXml({ imap: "imap.example.test", smtp: "smtp.example.test" }) }, srv });
  expect(places(await lookUp("user1@example.test", same))).toEqual([["autoconfig", false, "imap", "imap.example.test"]]);
  // Nobody is waited for who is still thinking.
  const slow = world({
    files: { [AUTOCONFIG]: configXml({ imap: "mail.example.test", smtp: "mail.example.test" }) },
    mx: "hangs",
    srv: "hangs",
  });
  expect(places(await lookUp("user1@example.test", slow))).toEqual([["autoconfig", false, "imap", "mail.example.test"]]);
});

test("service records that lead outside the domain need the user's word", async () => {
  const srv = {
    "_imaps._tcp.example.test": [record("imap.other.test", 993)],
    "_submission._tcp.example.test": [record("mail.example.test", 587)],
  };
  const found = await lookUp("user1@example.test", world({ srv: { ...srv, "_pop3s._tcp.example.test": [record(".", 0)] } }));
  expect(places(found)).toEqual([["srv", true, "imap", "imap.other.test"]]);
  expect(found.settings[0]?.settings.outgoing).toMatchObject({ port: 587, security: "starttls" });
});

test("who takes a domain's mail is asked at their own domain, a country's second level being nobody's", async () => {
  const finders = world({
    mx: ["mx1.hosting.co.uk"],
    files: {
      "https://autoconfig.hosting.co.uk/mail/config-v1.1.xml": configXml({ imap: "imap.hosting.co.uk", smtp: "smtp.hosting.co.uk" }),
    },
  });
  const found = await lookUp("user1@example.test", finders);
  expect(places(found)[0]).toEqual(["exchanger", true, "imap", "imap.hosting.co.uk"]);
  expect(finders.asked.filter((one) => one.includes("autoconfig.co.uk"))).toEqual([]);
});

test("a company's file that leads to a known provider brings its walkthrough along", async () => {
  const files = { [AUTOCONFIG]: configXml({ imap: "imap.exmail.qq.com", smtp: "smtp.exmail.qq.com" }) };
  expect(await lookUp("user1@example.test", world({ files }))).toMatchObject({ provider: "exmail", secret: "authorization-code" });
});

test("servers that take no password are known for it", async () => {
  const files = { [AUTOCONFIG]: configXml({ imap: "imap.example.test", smtp: "smtp.example.test", authentication: "OAuth2" }) };
  expect((await lookUp("user1@example.test", world({ files }))).secret).toBe("browser");
});

test("a network that is silent, lies or has a sign-in page ends in guesses, and what became of each is told", async () => {
  const kinds = { [AUTOCONFIG]: "untrusted", [WELL_KNOWN]: "slow" } as const;
  const found = await lookUp("user1@example.test", world({ files: kinds, mx: "hangs", srv: "hangs", late: true }));
  expect(found.settings[0]).toMatchObject({ source: "guess", confirm: true });
  expect(found.looked.map(({ source, outcome }) => `${source} ${outcome}`)).toEqual([
    "autoconfig untrusted",
    "autoconfig slow",
    "database none",
    "exchanger slow",
    "srv slow",
    "guess none",
  ]);
  const refused = await lookUp(
    "user1@example.test",
    world({ files: { [AUTOCONFIG]: "<html>Sign in</html>" }, mx: "refuses", srv: "refuses" }),
  );
  expect(refused.looked.map(({ source, outcome }) => `${source} ${outcome}`)).toEqual([
    "autoconfig unreadable",
    "autoconfig none",
    "database none",
    "exchanger unreachable",
    "srv unreachable",
    "guess none",
  ]);
});

test("guesses that answer with a good certificate stand first", async () => {
  const { settings } = await lookUp("user1@example.test", world({ answering: ["mail.example.test:993", "mail.example.test:465"] }));
  expect(settings[0]?.settings).toMatchObject({
    incoming: { host: "mail.example.test" },
    outgoing: { host: "mail.example.test", port: 465 },
  });
});

test("offline nobody is asked, and nothing is guessed", async () => {
  const found = await lookUp("user1@example.test", null);
  expect(found).toMatchObject({ settings: [], looked: [{ source: "database", outcome: "none" }] });
  for (const domain of ["localhost", "example", "127.0.0.1"]) {
    const finders = world();
    await lookUp(`user1@${domain}`, finders);
    expect(finders.asked, domain).toEqual([]);
  }
});

test("Thunderbird's list of today is asked only by choice, after the domain itself and before DNS", async () => {
  const servers = [
    { protocol: "imap", host: "imap.example.test", port: "993", socket: "SSL", user: "", authentication: [] },
    { protocol: "smtp", host: "smtp.example.test", port: "465", socket: "SSL", user: "", authentication: [] },
  ];
  const online: Finders["onlineList"] = (domain) =>
    Promise.resolve({ servers, looked: { source: "online", host: `list for ${domain}`, outcome: "found" } });
  expect((await lookUp("user1@example.test", world({ online, mx: ["mxbiz1.qq.com"] }))).settings[0]).toMatchObject({
    source: "online",
    from: "list for example.test",
    confirm: false,
  });
});

test("names in other scripts are asked for in ASCII", async () => {
  const finders = world();
  await lookUp("user1@例子.测试", finders);
  expect(finders.asked).toContain("MX xn--fsqu00a.xn--0zwm56d");
});

test("whatever strangers answer, what comes out is what the contract takes: encrypted, at a name, of this address", async () => {
  const host = fc.oneof(fc.string(), fc.domain(), fc.constantFrom("localhost", "127.0.0.1", "[::1]", "%EMAILDOMAIN%", "a.b\r\nc.d", "."));
  const server = fc.record({
    type: fc.constantFrom("imap", "pop3", "smtp", "exchange", ""),
    host,
    port: fc.oneof(fc.integer().map(String), fc.constantFrom("993", "143", "465", "587", "1e3", "0x10", "")),
    socket: fc.constantFrom("SSL", "STARTTLS", "plain", "ssl", "", "NONE"),
    user: fc.oneof(fc.string(), fc.constantFrom("%EMAILADDRESS%", "%EMAILLOCALPART%", "%REALNAME%", "")),
    authentication: fc.constantFrom("password-cleartext", "OAuth2", "NTLM", "none"),
  });
  const srv = fc.array(fc.record({ name: host, port: fc.integer(), priority: fc.integer(), weight: fc.integer() }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(server, { maxLength: 6 }), srv, fc.array(host, { maxLength: 4 }), async (servers, records, mx) => {
      const names = ["imaps", "imap", "pop3s", "pop3", "submissions", "submission"].map((name) => [`_${name}._tcp.example.test`, records]);
      const files = { [AUTOCONFIG]: configXml({ servers }) };
      const found = lookup.parse(await lookUp("user1@example.test", world({ files, mx, srv: Object.fromEntries(names) })));
      for (const { settings } of found.settings)
        for (const one of [settings.incoming, settings.outgoing]) {
          expect(one.security).not.toBe("plain");
          expect(one.host).toMatch(/^[\p{L}\p{N}.-]+\.[\p{L}\p{N}-]+$/u);
          expect(one.host).not.toMatch(/localhost$|^[\d.]+$/u);
          expect(one.user).not.toMatch(/\p{Cc}/u);
        }
    }),
    { numRuns: 300 },
  );
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
