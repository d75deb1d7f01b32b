import { describe, expect, it } from "vitest";
import { checkForm, formOf, isUsualPort, settingsOfForm, usualPort, withProtocol } from "../../../renderer/state/server-form.ts";
import { accountSettings } from "../../../shared/contract/accounts.ts";

const good = formOf("user1@example.test", null);

describe("servers by hand", () => {
  it("begin with what the address suggests, and that passes the contract", () => {
    expect(good.incoming).toEqual({ host: "imap.example.test", port: "993", security: "tls", user: "user1@example.test" });
    expect(checkForm(good)).toEqual({});
    expect(accountSettings.safeParse(settingsOfForm(good, null)).success).toBe(true);
  });

  it("are refused field by field, each where the contract would refuse it", () => {
    const bad = {
      ...good,
      address: "nobody",
      incoming: { ...good.incoming, host: "imap.example.test/x", port: "0" },
      outgoing: { ...good.outgoing, port: "70000", user: " " },
    };
    expect(checkForm(bad)).toEqual({
      address: "address",
      "incoming.host": "host",
      "incoming.port": "port",
      "outgoing.port": "port",
      "outgoing.user": "user",
    });
  });

  it("allow no encryption only to this very computer", () => {
    const plain = (host: string): unknown =>
      checkForm({ ...good, incoming: { ...good.incoming, host, security: "plain" } })["incoming.security"];
    expect([plain("mail.example.test"), plain("127.0.0.1"), plain("localhost"), plain("127.0.0.1.example.test")]).toEqual([
      "plain",
      undefined,
      undefined,
      "plain",
    ]);
  });

  it("change a usual port with the kind of security and leave one's own alone", () => {
    expect([
      usualPort("imap", "tls"),
      usualPort("imap", "starttls"),
      usualPort("pop3", "tls"),
      usualPort("smtp", "tls"),
      usualPort("smtp", "starttls"),
    ]).toEqual(["993", "143", "995", "465", "587"]);
    expect([isUsualPort("smtp", "465"), isUsualPort("smtp", "2525")]).toEqual([true, false]);
  });

  it("change name and port with the protocol where they are the usual ones, there and back", () => {
    const pop3 = withProtocol(good, "pop3");
    expect(pop3.incoming).toMatchObject({ host: "pop.example.test", port: "995" });
    expect(withProtocol(pop3, "imap")).toEqual(good);
    const own = { ...good, incoming: { ...good.incoming, host: "mail.example.test", port: "2993" } };
    expect(withProtocol(own, "pop3").incoming).toEqual(own.incoming);
  });

  it("leave mail on a POP3 server for ever, unless something else was chosen before", () => {
    const pop3 = withProtocol(good, "pop3");
    const settings = settingsOfForm(pop3, null);
    expect(settings).toMatchObject({ protocol: "pop3", leaveOnServer: { kind: "forever" } });
    const chosen = { ...settings, leaveOnServer: { kind: "days" as const, days: 30 } };
    expect(settingsOfForm(formOf("user1@example.test", chosen), chosen)).toEqual(chosen);
    expect(settingsOfForm(withProtocol(pop3, "imap"), chosen).leaveOnServer).toBeUndefined();
  });
});
