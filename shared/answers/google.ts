import type { KnownAnswer } from "./answer.ts";

/** Gmail and Google Workspace. */
export const GOOGLE = [
  {
    id: "gmail-app-password",
    says: /application-specific password required/iu,
    mend: "enter-app-password",
    page: "https://myaccount.google.com/apppasswords",
  },
  {
    id: "gmail-web-login",
    says: /web login required|log ?in (?:via|with) your web browser|5\.7\.14\b/iu,
    mend: "open-page",
    page: "https://mail.google.com/",
  },
  { id: "gmail-imap-off", says: /not enabled for imap/iu, mend: "open-page", page: "https://mail.google.com/mail/u/0/#settings/fwdandpop" },
  { id: "gmail-pop-off", says: /not enabled for pop/iu, mend: "open-page", page: "https://mail.google.com/mail/u/0/#settings/fwdandpop" },
  { id: "gmail-domain-imap-off", says: /(?:imap|pop) access is disabled for your domain/iu, mend: "tell-admin" },
  {
    id: "gmail-credentials",
    says: /username and password not accepted|p=BadCredentials|^\[AUTHENTICATIONFAILED\] Invalid credentials \(Failure\)/iu,
    mend: "enter-app-password",
    page: "https://myaccount.google.com/apppasswords",
  },
  {
    id: "gmail-disabled",
    says: /account (?:has been )?disabled\. \(failure\)|p=DisabledUser/iu,
    mend: "open-page",
    page: "https://accounts.google.com/signin/recovery",
  },
  { id: "gmail-connections", says: /too many simultaneous connections/iu, mend: "try-again" },
  { id: "gmail-bandwidth", says: /exceeded command or bandwidth limits/iu, mend: "try-again" },
  { id: "gmail-login-attempts", says: /too many login attempts/iu, mend: "try-again" },
  { id: "gmail-day-limit", says: /daily (?:user )?sending (?:limit|quota) exceeded/iu, mend: "try-again" },
  { id: "gmail-unauthenticated", says: /sender is unauthenticated|requires all senders to authenticate/iu, mend: "tell-admin" },
  { id: "gmail-dmarc", says: /not accepted due to domain.{0,3}s dmarc policy/iu, mend: "tell-admin" },
  { id: "gmail-unsolicited", says: /likely (?:unsolicited|suspicious)|unusual rate of unsolicited/iu, mend: "edit-message" },
  { id: "gmail-attachment", says: /content presents a potential\s+security issue/iu, mend: "edit-message" },
  { id: "gmail-no-ptr", says: /does not have a ptr record/iu, mend: "tell-admin" },
] as const satisfies readonly KnownAnswer[];
