import { expect, test } from "vitest";
import { Stranger } from "../../main/plan/captive-portal.ts";
import { Failure } from "../../shared/failure.ts";

test("another certificate or another greeting than that of a server that was reached before is the network's sign-in page", () => {
  for (const code of ["not-a-mail-server", "certificate-wrong-name", "certificate-unknown-issuer", "tls-failed"] as const) {
    const told = new Stranger().told(new Failure(code, { params: { host: "mail.example.test" }, serverWords: "HTTP/1.1 302" }), true, 1000);
    expect(told).toMatchObject({
      kind: "offline",
      code: "captive-portal",
      params: { host: "mail.example.test" },
      serverWords: "HTTP/1.1 302",
    });
  }
});

test("a server that was never reached, an expired certificate and a wrong password are what they are", () => {
  const told = (code: "certificate-wrong-name" | "certificate-expired" | "wrong-password", hasWorked: boolean) =>
    new Stranger().told(new Failure(code), hasWorked, 0).code;
  expect(told("certificate-wrong-name", false)).toBe("certificate-wrong-name");
  expect(told("certificate-expired", true)).toBe("certificate-expired");
  expect(told("wrong-password", true)).toBe("wrong-password");
});

test("a certificate that is still another one after half an hour is told as what it is, so that the account stops", () => {
  const MINUTE = 60_000;
  const stranger = new Stranger();
  const at = (minutes: number, code: "certificate-unknown-issuer" | "not-a-mail-server" | "timed-out") =>
    stranger.told(new Failure(code), true, minutes * MINUTE).code;
  expect(at(0, "timed-out")).toBe("timed-out");
  expect(at(50, "certificate-unknown-issuer")).toBe("captive-portal");
  expect(at(80, "certificate-unknown-issuer")).toBe("captive-portal");
  expect(at(81, "certificate-unknown-issuer")).toBe("certificate-unknown-issuer");
  // Another greeting is tried again for good: nothing can be read from it.
  expect(at(90, "not-a-mail-server")).toBe("captive-portal");
  stranger.gone();
  expect(at(100, "certificate-unknown-issuer")).toBe("captive-portal");
});
