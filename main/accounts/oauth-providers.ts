/** What is known of an authorization server; of a found one, what it published (RFC 8414). */
export type Endpoints = {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint?: string | undefined;
  readonly userinfoEndpoint?: string | undefined;
  /** It names itself in its answer (RFC 9207): an answer without is not its own. */
  readonly namesItself: boolean;
};

/** One who can be signed in to in the browser. */
export type OAuthProvider = {
  readonly key: string;
  readonly name: string;
  /** Null: to be asked for at the issuer. */
  readonly endpoints: Endpoints | null;
  readonly issuer: string;
  /** Domains of addresses. */
  readonly domains: readonly string[];
  /** Incoming servers, whatever the address. */
  readonly hosts: readonly string[];
  readonly scope: string;
  /** Asked with the usual parameters of an authorization request. */
  readonly extra: Readonly<Record<string, string>>;
  /** RFC 8252 §7.3 wants the address of the loopback; some providers take its name only. */
  readonly redirectHost: "127.0.0.1" | "localhost";
  /** For those who, against RFC 8252 §7.3, let no other port than the registered one through. */
  readonly redirectPort?: number | undefined;
  readonly only: boolean;
  /** Google: only accounts of this domain. */
  readonly hostedDomain?: string | undefined;
};

/** As the providers publish them (checked November 2026). None of them comes with a client id: whose program this is, is not ours to claim. */
export const KNOWN_PROVIDERS: readonly OAuthProvider[] = [
  {
    key: "google",
    name: "Google",
    issuer: "https://accounts.google.com",
    endpoints: {
      issuer: "https://accounts.google.com",
      authorizationEndpoint: "https://accounts.google.com/o/oauth2/v2/auth",
      tokenEndpoint: "https://oauth2.googleapis.com/token",
      revocationEndpoint: "https://oauth2.googleapis.com/revoke",
      userinfoEndpoint: "https://openidconnect.googleapis.com/v1/userinfo",
      namesItself: false,
    },
    domains: ["gmail.com", "googlemail.com"],
    hosts: ["imap.gmail.com", "pop.gmail.com", "imap.googlemail.com", "pop.googlemail.com"],
    scope: "openid email https://mail.google.com/",
    // Without both Google gives no refresh token to a program that was allowed in before.
    extra: { access_type: "offline", prompt: "consent" },
    redirectHost: "127.0.0.1",
    only: false,
  },
  {
    key: "microsoft",
    name: "Microsoft",
    issuer: "https://login.microsoftonline.com/common/v2.0",
    endpoints: {
      issuer: "https://login.microsoftonline.com/common/v2.0",
      authorizationEndpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
      tokenEndpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
      namesItself: false,
    },
    domains: ["outlook.com", "hotmail.com", "live.com", "msn.com"],
    hosts: ["outlook.office365.com", "imap-mail.outlook.com", "pop-mail.outlook.com", "partner.outlook.cn"],
    scope:
      "openid email profile offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/POP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
    extra: { prompt: "select_account" },
    // Only the name may have any port there.
    redirectHost: "localhost",
    only: true,
  },
  {
    key: "yahoo",
    name: "Yahoo",
    issuer: "https://api.login.yahoo.com",
    endpoints: {
      issuer: "https://api.login.yahoo.com",
      authorizationEndpoint: "https://api.login.yahoo.com/oauth2/request_auth",
      tokenEndpoint: "https://api.login.yahoo.com/oauth2/get_token",
      revocationEndpoint: "https://api.login.yahoo.com/oauth2/revoke",
      namesItself: false,
    },
    domains: ["yahoo.com", "ymail.com", "rocketmail.com", "aol.com"],
    hosts: ["imap.mail.yahoo.com", "pop.mail.yahoo.com", "imap.aol.com", "pop.aol.com"],
    scope: "mail-w",
    extra: {},
    redirectHost: "localhost",
    // Yahoo compares the whole address.
    redirectPort: 48_126,
    only: false,
  },
];

/** For a provider that is found by its metadata: who signed in, and a refresh token. */
export const USUAL_SCOPE = "openid email offline_access";

/** The redirect address that a client id has to be registered with; a port is written where it has to be that one. */
export function registeredRedirect({ redirectHost, redirectPort }: Pick<OAuthProvider, "redirectHost" | "redirectPort">): string {
  return `http://${redirectHost}${redirectPort === undefined ? "" : `:${redirectPort}`}`;
}
