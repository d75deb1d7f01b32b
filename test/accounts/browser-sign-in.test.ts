import { afterEach, expect, onTestFinished, test } from "vitest";
import { BrowserSignIns } from "../../main/accounts/browser-sign-ins.ts";
import { OAuthClients, parseClients } from "../../main/accounts/oauth-clients.ts";
import { silentLog } from "../../main/log.ts";
import type { OAuthClient } from "../../shared/contract/oauth-clients.ts";
import type { SignInState } from "../../shared/contract/sign-in.ts";
import { Failure } from "../../shared/failure.ts";
import { type AuthorizationOptions, AuthorizationServer } from "../servers/authorization.ts";

const LIN = "lin@example.test";

let server: AuthorizationServer | null = null;
afterEach(() => server?.stop());

type Desk = {
  readonly server: AuthorizationServer;
  readonly signIns: BrowserSignIns;
  readonly opened: string[];
  readonly own: OAuthClient[];
  /** Runs out the patience of the sign-in that began last. */
  readonly timers: (() => void)[];
  until(id: string, state: SignInState["state"]): Promise<SignInState>;
};

/** The engine's desk for sign-ins, and the suite's own authorization server beside it. */
async function desk(options: AuthorizationOptions & { configured?: boolean; browser?: boolean } = {}): Promise<Desk> {
  const { configured = true, browser = true, ...rest } = options;
  const started = await AuthorizationServer.start(rest);
  server = started;
  const opened: string[] = [];
  const own: OAuthClient[] = [];
  const timers: (() => void)[] = [];
  const waits = new Set<() => void>();
  const signIns = new BrowserSignIns({
    clients: new OAuthClients(configured ? parseClients(JSON.stringify([started.configuration()])) : [], {
      readClients: () => Promise.resolve([...own]),
      writeClients: (clients) => {
        own.splice(0, own.length, ...clients);
        return Promise.resolve();
      },
    }),
    openExternal: (url) => {
      opened.push(url);
      return browser ? Promise.resolve() : Promise.reject(new Error("no browser"));
    },
    onChange: () => {
      for (const look of waits) look();
    },
    language: () => "en",
    checkAddress: (address) => {
      if (!address.endsWith("@example.test")) throw new Failure("set-by-organisation", { params: { organisation: "Harbour Studio" } });
    },
    clock: Date.now,
    log: silentLog,
    after: (_ms, work) => {
      timers.push(work);
      return () => undefined;
    },
  });
  onTestFinished(() => signIns.close());
  const until = (id: string, state: SignInState["state"]): Promise<SignInState> =>
    new Promise((resolve) => {
      const look = (): void => {
        const now = signIns.state(id);
        if (now.state !== state) return;
        waits.delete(look);
        resolve(now);
      };
      waits.add(look);
      look();
    });
  return { server: started, signIns, opened, own, timers, until };
}

/** Begins, and answers with what the browser was told to open. */
async function begin({ signIns, opened, server }: Desk, address = LIN): Promise<{ id: string; url: string }> {
  const id = await signIns.begin(address, server.issuer);
  return { id, url: opened.at(-1) ?? "" };
}

const pageAt = async (url: URL | string): Promise<{ status: number; text: string }> => {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
};

for (const names of ["id-token", "userinfo"] as const)
  test(`the provider's page is opened in the browser, and the tokens come back to the engine (${names})`, async () => {
    const at = await desk({ names });
    expect(await at.signIns.providerFor(LIN, "imap.example.test")).toEqual({
      key: at.server.issuer,
      name: "Harbour Mail",
      client: "configured",
      only: false,
      redirect: "http://127.0.0.1",
    });
    const { id, url } = await begin(at);
    const asked = new URL(url).searchParams;
    expect(asked.get("code_challenge_method")).toBe("S256");
    expect(asked.get("login_hint")).toBe(LIN);
    expect(asked.get("redirect_uri")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/u);
    expect(at.signIns.state(id)).toMatchObject({ state: "waiting", url, opened: true });
    const { status, text } = await pageAt(await at.server.choose(url, { address: LIN }));
    expect([status, text]).toEqual([200, expect.stringContaining("You can close this tab")]);
    expect(await at.until(id, "done")).toEqual({ state: "done", url: null, opened: true, chosen: LIN, chosenName: null, failure: null });
    const credential = at.signIns.credential({ kind: "browser", signInId: id });
    expect(credential).toMatchObject({ kind: "token", grant: { issuer: at.server.issuer, clientId: "satchel-test" } });
    expect(credential.kind === "token" && at.server.isGood(credential.accessToken)).toBe(true);
    // Nothing of it is in what the window may read.
    expect(JSON.stringify(at.signIns.state(id))).not.toContain(credential.kind === "token" ? credential.accessToken : "");
  });

test("the redirect is good for one visit: replayed, it does nothing more, and the ear is gone", async () => {
  const at = await desk();
  let open: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    open = resolve;
  });
  at.server.gate = () => held;
  const { id, url } = await begin(at);
  const redirect = await at.server.choose(url, { address: LIN });
  const first = pageAt(redirect);
  await at.until(id, "checking");
  // While the code is being exchanged, and after.
  expect(await pageAt(redirect)).toMatchObject({ status: 409, text: expect.stringContaining("used already") as unknown });
  open();
  expect((await first).status).toBe(200);
  await at.until(id, "done");
  await expect(fetch(redirect)).rejects.toThrow("fetch failed");
});

test("a forged state is nobody's: it is told so, and the real answer still counts", async () => {
  const at = await desk();
  const { id, url } = await begin(at);
  const redirect = await at.server.choose(url, { address: LIN });
  for (const forge of [
    (to: URL) => to.searchParams.set("state", "forged"),
    (to: URL) => to.searchParams.delete("state"),
    (to: URL) => to.searchParams.append("state", to.searchParams.get("state") ?? ""),
  ]) {
    const forged = new URL(redirect);
    forge(forged);
    expect(await pageAt(forged)).toMatchObject({
      status: 400,
      text: expect.stringContaining("not the sign-in that Satchel began") as unknown,
    });
    expect(at.signIns.state(id).state).toBe("waiting");
  }
  expect((await pageAt(redirect)).status).toBe(200);
  await at.until(id, "done");
});

test("an answer that another server gave (RFC 9207) is not used", async () => {
  const at = await desk();
  for (const forge of [(to: URL) => to.searchParams.set("iss", "https://evil.example"), (to: URL) => to.searchParams.delete("iss")]) {
    const { id, url } = await begin(at);
    const redirect = await at.server.choose(url, { address: LIN });
    forge(redirect);
    await pageAt(redirect);
    expect((await at.until(id, "failed")).failure).toMatchObject({ kind: "untrusted", code: "sign-in-forged" });
    expect(() => at.signIns.credential({ kind: "browser", signInId: id })).toThrow("no-credential");
  }
});

test("a name that somebody else points at the loopback is not answered", async () => {
  const at = await desk();
  const { id, url } = await begin(at);
  const redirect = await at.server.choose(url, { address: LIN });
  const { request } = await import("node:http");
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const asked = request({
      host: "127.0.0.1",
      port: redirect.port,
      path: redirect.pathname + redirect.search,
      headers: { host: "evil.example" },
    });
    asked.on("response", (response) => resolve(response.statusCode)).on("error", reject);
    asked.end();
  });
  expect(status).toBe(400);
  expect(at.signIns.state(id).state).toBe("waiting");
});

test("no is an answer, and Microsoft's numbers are explained", async () => {
  const at = await desk();
  const answers = [
    [{ error: "access_denied" }, "sign-in-denied"],
    [{ error: "access_denied", description: "AADSTS65004: User declined to consent to access the app." }, "sign-in-denied"],
    [{ error: "invalid_client", description: "AADSTS650052: The app needs access to a service" }, "sign-in-needs-admin"],
    [{ error: "access_denied", description: "AADSTS53003: Access has been blocked by Conditional Access policies." }, "sign-in-policy"],
    [
      { error: "invalid_request", description: "AADSTS50020: User account from identity provider does not exist in tenant" },
      "sign-in-account",
    ],
    [{ error: "unauthorized_client", description: "AADSTS700016: Application with identifier was not found" }, "sign-in-client"],
    [{ error: "temporarily_unavailable" }, "server-unavailable"],
    [{ error: "strange_error", description: "something else" }, "sign-in-refused"],
  ] as const;
  for (const [answer, code] of answers) {
    const { id, url } = await begin(at);
    await pageAt(await at.server.choose(url, answer));
    const { failure } = await at.until(id, "failed");
    expect([answer.error, failure?.code]).toEqual([answer.error, code]);
    expect(failure?.serverWords).toContain("description" in answer ? answer.description : answer.error);
  }
});

test("another account chosen in the browser is said, and taken only when the user means it", async () => {
  const at = await desk();
  const { id, url } = await begin(at);
  await pageAt(await at.server.choose(url, { address: "somebody@example.test" }));
  expect(await at.until(id, "other")).toMatchObject({ chosen: "somebody@example.test", failure: null });
  expect(() => at.signIns.credential({ kind: "browser", signInId: id })).toThrow("no-credential");
  at.signIns.accept(id);
  expect(at.signIns.credential({ kind: "browser", signInId: id })).toMatchObject({ kind: "token" });
});

test("a provider that does not say who signed in leaves it to the mail server", async () => {
  const at = await desk({ names: "never" });
  const { id, url } = await begin(at);
  await pageAt(await at.server.choose(url, { address: "somebody@example.test" }));
  expect((await at.until(id, "done")).chosen).toBeNull();
});

test("a tab that was closed half-way can be opened again, given up, or waited out", async () => {
  const at = await desk();
  const first = await begin(at);
  await at.signIns.openAgain(first.id);
  expect(at.opened).toEqual([first.url, first.url]);
  at.signIns.cancel(first.id);
  expect(at.signIns.state(first.id)).toMatchObject({ state: "cancelled", url: null });
  await expect(fetch(await at.server.choose(first.url, { address: LIN }))).rejects.toThrow("fetch failed");
  const second = await begin(at);
  at.timers.at(-1)?.();
  expect(at.signIns.state(second.id)).toMatchObject({ state: "failed", failure: { code: "sign-in-timed-out" } });
});

test("cancelled while the code is exchanged, the tokens are dropped", async () => {
  const at = await desk();
  let open: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    open = resolve;
  });
  at.server.gate = () => held;
  const { id, url } = await begin(at);
  const page = pageAt(await at.server.choose(url, { address: LIN }));
  await at.until(id, "checking");
  at.signIns.cancel(id);
  open();
  expect((await page).text).toContain("That did not work");
  expect(at.signIns.state(id).state).toBe("cancelled");
  expect(() => at.signIns.credential({ kind: "browser", signInId: id })).toThrow("no-credential");
});

test("where no browser opens, the address is there to be copied", async () => {
  const at = await desk({ browser: false });
  const { id, url } = await begin(at);
  expect(at.signIns.state(id)).toMatchObject({ state: "waiting", url, opened: false });
  await pageAt(await at.server.choose(url, { address: LIN }));
  await at.until(id, "done");
});

test("a client id of the user's own is kept, with its issuer found by its metadata, and taken before others", async () => {
  for (const openidOnly of [false, true]) {
    const at = await desk({ configured: false, clientId: "mine", clientSecret: "secret-of-mine", openidOnly });
    expect(await at.signIns.providerFor(LIN, "imap.example.test")).toBeNull();
    const mine = { address: LIN, provider: null, clientId: "mine", clientSecret: "secret-of-mine" };
    await expect(at.signIns.saveClient({ ...mine, issuer: null })).rejects.toMatchObject({ code: "sign-in-no-client" });
    const saved = await at.signIns.saveClient({ ...mine, issuer: at.server.issuer });
    expect(saved).toMatchObject({ client: "own", key: at.server.issuer });
    expect(await at.signIns.providerFor("other@example.test", "")).toEqual(saved);
    const { id, url } = await begin(at);
    await pageAt(await at.server.choose(url, { address: LIN }));
    await at.until(id, "done");
    await at.signIns.forgetClient(saved.key);
    expect(at.own).toEqual([]);
    await at.server.stop();
  }
});

test("an issuer that publishes nothing, or lies about its name, is not kept", async () => {
  const at = await desk({ configured: false });
  const mine = { address: LIN, provider: null, clientId: "mine", clientSecret: null };
  await expect(at.signIns.saveClient({ ...mine, issuer: `${at.server.issuer}/other` })).rejects.toMatchObject({ code: "sign-in-refused" });
  // Without TLS only where nothing leaves the computer.
  await expect(at.signIns.saveClient({ ...mine, issuer: "http://login.example" })).rejects.toMatchObject({ code: "sign-in-refused" });
  expect(at.own).toEqual([]);
});

test("a client id that the provider does not know is named as the cause", async () => {
  const at = await desk({ configured: false });
  await at.signIns.saveClient({ address: LIN, provider: null, issuer: at.server.issuer, clientId: "unknown", clientSecret: null });
  const { id, url } = await begin(at);
  await pageAt(await at.server.choose(url, { address: LIN }));
  expect((await at.until(id, "failed")).failure).toMatchObject({ kind: "auth", code: "sign-in-client" });
});

test("Google, Microsoft and Yahoo are known by address and by server, and come without a client id", async () => {
  const at = await desk({ configured: false });
  const keys = async (address: string, host: string): Promise<unknown> => {
    const provider = await at.signIns.providerFor(address, host);
    return provider && [provider.key, provider.client, provider.only, provider.redirect];
  };
  expect(await keys("lin@gmail.com", "")).toEqual(["google", "none", false, "http://127.0.0.1"]);
  expect(await keys("lin@company.example", "outlook.office365.com")).toEqual(["microsoft", "none", true, "http://localhost"]);
  expect(await keys("lin@ymail.com", "imap.mail.yahoo.com")).toEqual(["yahoo", "none", false, "http://localhost:48126"]);
  expect(await keys("lin@company.example", "imap.company.example")).toBeNull();
  await expect(at.signIns.begin("lin@gmail.com", "google")).rejects.toMatchObject({ code: "sign-in-no-client" });
  await at.signIns.saveClient({ address: "lin@gmail.com", provider: "google", issuer: null, clientId: "g", clientSecret: "secret-s" });
  const id = await at.signIns.begin("lin@gmail.com", "google");
  const url = new URL(at.signIns.state(id).url ?? "");
  expect(`${url.origin}${url.pathname}`).toBe("https://accounts.google.com/o/oauth2/v2/auth");
  expect(url.searchParams.get("access_type")).toBe("offline");
  // The secret goes to the token endpoint and nowhere else.
  expect(url.href).not.toMatch(/client_secret|=s(?:&|$)/u);
});

test("a configuration that is not what it should be is refused whole", () => {
  expect(parseClients("")).toEqual([]);
  for (const text of ["{", "{}", '[{"provider":"nobody","clientId":"x"}]', '[{"issuer":"file:///etc","clientId":"x"}]'])
    expect(() => parseClients(text)).toThrow("invalid-input");
});
