import type { FailureCode } from "../../shared/failure.ts";

type Meaning = readonly [RegExp, FailureCode];

/**
 * What large providers say instead of "wrong password", whichever protocol refuses. The first that fits counts.
 * @param switchedOff how they say that this protocol is switched off for the mailbox
 */
export function loginWords(switchedOff: Meaning): readonly Meaning[] {
  return [
    // QQ names five reasons in one sentence; the first is what it nearly always is.
    [/account is abnormal, service is not open, password is incorrect/iu, "needs-authorization-code"],
    [/too many (simultaneous|concurrent)? ?connections|maximum number of connections/iu, "too-many-connections"],
    [/login frequency limited|too many (login|auth)|rate limit|try again later|temporar(y|ily)|system (is )?busy/iu, "throttled"],
    [/authori[sz](ation|ed) code|授权码|autho?ri[sz]ation password/iu, "needs-authorization-code"],
    [/application[- ]specific password|app[- ]?(specific )?password/iu, "needs-app-password"],
    switchedOff,
    [/web ?login|log ?in via your web browser|basic ?auth(entication)? is (disabled|blocked)|BasicAuthBlocked/iu, "browser-sign-in-needed"],
  ];
}
