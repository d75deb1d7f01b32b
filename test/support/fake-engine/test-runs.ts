import type { AccountSettings, TestState, TestStep } from "../../../shared/contract/accounts.ts";
import { Failure, type FailureCode } from "../../../shared/failure.ts";

type Short = [
  stage: TestStep["stage"],
  state: TestStep["state"],
  detail: string,
  tookMs: number | null,
  failure?: [FailureCode, string] | undefined,
];

function steps(side: TestStep["side"], list: readonly Short[]): TestStep[] {
  return list.map(([stage, state, detail, tookMs, failure]) => ({
    side,
    stage,
    state,
    detail,
    tookMs,
    failure: failure === undefined ? null : new Failure(failure[0], failure[1] === "" ? {} : { serverWords: failure[1] }).data(),
  }));
}

const TRANSCRIPT =
  "S: * OK Dovecot ready\nC: a1 LOGIN lin@harbour.example ***\nS: a1 NO [AUTHENTICATIONFAILED] Application-specific password required";

const GOOD_IN: Short[] = [
  ["dns", "done", "203.0.113.24", 12],
  ["tcp", "done", "port 993 answered", 31],
  ["tls", "done", "TLS 1.3, certificate valid until 14 Mar", 48],
  ["greeting", "done", "Dovecot ready", 29],
];
const GOOD_OUT: Short[] = [
  ["dns", "done", "203.0.113.25", 9],
  ["tcp", "done", "port 465 answered", 33],
  ["tls", "done", "TLS 1.3, certificate valid until 14 Mar", 61],
  ["greeting", "done", "ESMTP ready", 20],
];

export function passedTest(): TestState {
  return {
    state: "passed",
    alternative: null,
    transcript: TRANSCRIPT,
    steps: [
      ...steps("incoming", [...GOOD_IN, ["login", "done", "signed in", 104], ["folders", "done", "14 folders", 40]]),
      ...steps("outgoing", [...GOOD_OUT, ["login", "done", "signed in", 88], ["sender", "done", "lin@harbour.example", 12]]),
    ],
  };
}

/** The test of the pictures: an app password is wanted, and 465 is blocked where 587 works. */
export function twoThingsNeeded(settings: AccountSettings): TestState {
  return {
    state: "failed",
    transcript: TRANSCRIPT,
    alternative: { ...settings, outgoing: { ...settings.outgoing, port: 587, security: "starttls" } },
    steps: [
      ...steps("incoming", [
        ...GOOD_IN,
        [
          "login",
          "failed",
          "the server refused the password",
          104,
          ["needs-app-password", "NO [AUTHENTICATIONFAILED] Application-specific password required (u7-1188)"],
        ],
        ["folders", "waiting", "", null],
      ]),
      ...steps("outgoing", [
        ["dns", "done", "203.0.113.25", 9],
        ["tcp", "warned", "port 465: no answer", 10_000, ["timed-out", ""]],
        ["tcp", "done", "port 587 answered", 33],
        ["tls", "done", "STARTTLS, TLS 1.3, certificate valid", 61],
        ["login", "waiting", "", null],
        ["sender", "waiting", "", null],
      ]),
    ],
  };
}

/** A network that lets nobody through to 465, and a server that is there at 587 as well. */
export function blockedPort(settings: AccountSettings): TestState {
  return {
    state: "failed",
    transcript: "",
    alternative: { ...settings, outgoing: { ...settings.outgoing, port: 587, security: "starttls" } },
    steps: [
      ...steps("incoming", [...GOOD_IN, ["login", "done", "signed in", 104], ["folders", "done", "14 folders", 40]]),
      ...steps("outgoing", [
        ["dns", "done", "203.0.113.25", 9],
        ["tcp", "warned", "port 465: no answer", 10_000, ["timed-out", ""]],
        ["tcp", "done", "port 587 answered", 33],
        ["tls", "done", "STARTTLS, TLS 1.3, certificate valid", 61],
        ["login", "waiting", "", null],
        ["sender", "waiting", "", null],
      ]),
    ],
  };
}

/** Nobody of that name: what a wrong guess looks like. */
export function unknownHost(settings: AccountSettings): TestState {
  const failure = new Failure("host-not-found", { params: { host: settings.incoming.host } }).data();
  return {
    state: "failed",
    transcript: "",
    alternative: null,
    steps: [
      { side: "incoming", stage: "dns", state: "failed", detail: "", tookMs: 40, failure },
      ...steps("incoming", [["tcp", "waiting", "", null]]),
      ...steps("outgoing", [["dns", "skipped", "", null]]),
    ],
  };
}

/** The proxy lets web pages through only. */
export function proxyRefuses(settings: AccountSettings): TestState {
  const { host, port } = settings.incoming;
  const params = { proxy: "proxy.example:1080", host, port };
  const failure = new Failure("proxy-refused", { params, serverWords: "SOCKS5: connection not allowed by ruleset" }).data();
  return {
    state: "failed",
    transcript: "",
    alternative: null,
    steps: (["incoming", "outgoing"] as const).flatMap((side): TestStep[] => [
      ...steps(side, [["dns", "skipped", "", null]]),
      { side, stage: "tcp", state: "failed", detail: "", tookMs: 40, failure },
      ...steps(side, [["tls", "waiting", "", null]]),
    ]),
  };
}

export function runningTest(): TestState {
  return {
    state: "running",
    transcript: "",
    alternative: null,
    steps: [
      ...steps("incoming", [
        ["dns", "done", "203.0.113.24", 12],
        ["tcp", "running", "", null],
        ["tls", "waiting", "", null],
      ]),
      ...steps("outgoing", [["dns", "waiting", "", null]]),
    ],
  };
}
