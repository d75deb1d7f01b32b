import { describe, expect, it } from "vitest";
import { checkForm, formOf, isUsualPort, settingsOfForm, usualPort } from "../../../renderer/state/server-form.ts";
import { accountSettings } from "../../../shared/contract/accounts.ts";

const good = formOf("user1@example.test", null);

describe("servers by hand", () => {
  it("begin with what the address suggests, and that passes the contract", () => {
    expect(good.incoming).toEqual({ host: "imap.example.test", port: "993", security: "tls", user: "user1@example.test" });
    expect(checkForm(good)).toEqual({});
    expect(accountSettings.safeParse(settingsOfForm(good)).success).toBe(true);
  });

  it("are refused field by field, each where the contract would refuse it", () => {
    const bad = {
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
      usualPort("incoming", "tls"),
      usualPort("incoming", "starttls"),
      usualPort("outgoing", "tls"),
      usualPort("outgoing", "starttls"),
    ]).toEqual(["993", "143", "465", "587"]);
    expect([isUsualPort("outgoing", "465"), isUsualPort("outgoing", "2525")]).toEqual([true, false]);
  });
});
