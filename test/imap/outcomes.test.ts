import { expect, test } from "vitest";
import { asImapFailure } from "../../main/imap/outcomes.ts";
import { Failure } from "../../shared/failure.ts";

const where = { host: "imap.example.test", port: 993 };
const codeOf = (error: object) => asImapFailure(Object.assign(new Error("Command failed"), error), where).code;
const login = (response: string, more: object = {}) => codeOf({ authenticationFailed: true, response, ...more });

test.each([
  ["[AUTHENTICATIONFAILED] Invalid credentials (Failure)", "wrong-password"],
  ["Login fail. Authorization code is required", "needs-authorization-code"],
  ["请使用授权码登录", "needs-authorization-code"],
  ["LOGIN Login error, please use authorized code", "needs-authorization-code"],
  [
    "Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy.",
    "needs-authorization-code",
  ],
  ["[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833", "needs-app-password"],
  ["[ALERT] Your account is not enabled for IMAP use. Please visit your settings", "imap-switched-off"],
  ["User is authenticated but not connected.", "imap-switched-off"],
  ["[WEBALERT https://accounts.google.com/] Web login required.", "browser-sign-in-needed"],
  ["Too many simultaneous connections. (Failure)", "too-many-connections"],
] as const)("a login refused with %j means %s", (words, code) => {
  expect(login(words)).toBe(code);
});

test("a server that cannot look the password up does not make it wrong", () => {
  expect(login("Temporary authentication failure", { serverResponseCode: "UNAVAILABLE" })).toBe("server-unavailable");
});

test("a refused token has run out; it is no wrong password", () => {
  expect(login("AUTHENTICATE failed", { oauthError: { status: "400" } })).toBe("token-expired");
});

test.each([
  ["ENOTFOUND", "host-not-found"],
  ["ECONNREFUSED", "connection-refused"],
  ["GREETING_TIMEOUT", "timed-out"],
  ["ETIMEOUT", "timed-out"],
  ["EHOSTUNREACH", "network-unreachable"],
  ["ECONNRESET", "line-closed"],
  ["NoConnection", "line-closed"],
  ["CERT_HAS_EXPIRED", "certificate-expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate-wrong-name"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "certificate-self-signed"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "certificate-unknown-issuer"],
  ["ERR_SSL_UNSUPPORTED_PROTOCOL", "tls-too-old"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "tls-failed"],
  ["ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC", "line-closed"],
  ["LiteralTooLarge", "message-too-large"],
  ["ParserError11", "bad-reply"],
  ["ETHROTTLE", "throttled"],
] as const)("%s is %s", (code, meaning) => {
  expect(codeOf({ code })).toBe(meaning);
});

test.each([
  [{ serverResponseCode: "TRYCREATE" }, "folder-gone"],
  [{ serverResponseCode: "OVERQUOTA" }, "over-quota"],
  [{ serverResponseCode: "OVERQUOTA", responseText: "Account exceeded command or bandwidth limits. (Failure)" }, "throttled"],
  [{ responseStatus: "BAD", responseText: "User is authenticated but not connected." }, "imap-switched-off"],
  [{ serverResponseCode: "NOPERM" }, "no-permission"],
  [{ serverResponseCode: "INUSE" }, "throttled"],
  [{ responseText: "Rate limit hit" }, "throttled"],
  [{ responseText: "I will not" }, "refused-by-server"],
] as const)("a command refused with %j", (answer, code) => {
  expect(codeOf({ responseStatus: "NO", ...answer })).toBe(code);
});

test("the server's own words are kept, and so is the cause", () => {
  const cause = Object.assign(new Error("Command failed"), { responseStatus: "NO", responseText: "Mailbox is locked by the owl" });
  const failure = asImapFailure(cause, where);
  expect(failure.serverWords).toBe("Mailbox is locked by the owl");
  expect(failure.cause).toBe(cause);
});

test("a failure of ours is passed on as it is", () => {
  const failure = new Failure("disk-full");
  expect(asImapFailure(failure, where)).toBe(failure);
});

test("a refused command of ours brings its response code in its answer, and the words keep it", () => {
  const answer = (code: string) => ({ attributes: [{ type: "ATOM", value: "", section: [{ type: "ATOM", value: code }] }] });
  const refused = (code: string) => asImapFailure({ responseStatus: "NO", response: answer(code), responseText: "quux" }, where);
  expect(refused("OVERQUOTA")).toMatchObject({ code: "over-quota", serverWords: "[OVERQUOTA] quux" });
  expect(refused("NOPERM")).toMatchObject({ code: "no-permission" });
  // Too many labels, too long a name: nothing that passes by itself.
  expect(refused("LIMIT")).toMatchObject({ code: "refused-by-server", serverWords: "[LIMIT] quux" });
});
