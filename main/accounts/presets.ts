import type { AccountSettings, Lookup } from "../../shared/contract/accounts.ts";

/** What is known of a provider without asking anybody. The window has the walkthrough in both languages under the same key. */
export type Provider = {
  readonly key: string;
  readonly domains: readonly string[];
  /** MX hosts of customers' own domains end with one of these. */
  readonly mx?: readonly string[];
  readonly incoming: readonly [host: string, port: number];
  /** Host of its POP3, on port 995; left out where there is none. */
  readonly pop3?: string;
  readonly outgoing: readonly [host: string, port: number, security: "tls" | "starttls"];
  readonly secret: Lookup["secret"];
  readonly helpUrl: string | null;
};

/** Hosts and ports as the providers publish them (checked November 2026). TLS everywhere; 587 only where 465 is not served. */
export const PROVIDERS: readonly Provider[] = [
  {
    key: "gmail",
    domains: ["gmail.com", "googlemail.com"],
    mx: ["google.com", "googlemail.com"],
    incoming: ["imap.gmail.com", 993],
    pop3: "pop.gmail.com",
    outgoing: ["smtp.gmail.com", 465, "tls"],
    secret: "app-password",
    helpUrl: "https://myaccount.google.com/apppasswords",
  },
  {
    key: "outlook",
    domains: ["outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.de", "outlook.fr", "outlook.jp", "hotmail.co.uk", "hotmail.fr"],
    mx: ["outlook.com", "protection.outlook.com"],
    incoming: ["outlook.office365.com", 993],
    pop3: "outlook.office365.com",
    outgoing: ["smtp-mail.outlook.com", 587, "starttls"],
    secret: "browser",
    helpUrl: null,
  },
  {
    key: "icloud",
    domains: ["icloud.com", "me.com", "mac.com"],
    mx: ["mail.icloud.com"],
    incoming: ["imap.mail.me.com", 993],
    outgoing: ["smtp.mail.me.com", 587, "starttls"],
    secret: "app-password",
    helpUrl: "https://account.apple.com/account/manage",
  },
  {
    key: "yahoo",
    domains: ["yahoo.com", "ymail.com", "rocketmail.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de", "yahoo.com.hk", "yahoo.com.tw"],
    incoming: ["imap.mail.yahoo.com", 993],
    pop3: "pop.mail.yahoo.com",
    outgoing: ["smtp.mail.yahoo.com", 465, "tls"],
    secret: "app-password",
    helpUrl: "https://login.yahoo.com/account/security",
  },
  {
    key: "fastmail",
    domains: ["fastmail.com", "fastmail.fm", "messagingengine.com"],
    mx: ["messagingengine.com"],
    incoming: ["imap.fastmail.com", 993],
    pop3: "pop.fastmail.com",
    outgoing: ["smtp.fastmail.com", 465, "tls"],
    secret: "app-password",
    helpUrl: "https://app.fastmail.com/settings/security",
  },
  {
    key: "gmx",
    domains: ["gmx.de", "gmx.net", "gmx.at", "gmx.ch"],
    incoming: ["imap.gmx.net", 993],
    pop3: "pop.gmx.net",
    outgoing: ["mail.gmx.net", 465, "tls"],
    secret: "password",
    helpUrl: "https://www.gmx.net/mail/imap",
  },
  {
    key: "gmx",
    domains: ["gmx.com", "gmx.us", "gmx.co.uk"],
    incoming: ["imap.gmx.com", 993],
    pop3: "pop.gmx.com",
    outgoing: ["mail.gmx.com", 465, "tls"],
    secret: "password",
    helpUrl: "https://www.gmx.com/mail/imap",
  },
  {
    key: "zoho",
    domains: ["zoho.com", "zohomail.com"],
    mx: ["zoho.com"],
    incoming: ["imap.zoho.com", 993],
    pop3: "pop.zoho.com",
    outgoing: ["smtp.zoho.com", 465, "tls"],
    secret: "app-password",
    helpUrl: "https://accounts.zoho.com/home#security/app_password",
  },
  {
    key: "yandex",
    domains: ["yandex.com", "yandex.ru", "ya.ru", "yandex.by", "yandex.kz"],
    mx: ["yandex.net", "yandex.ru"],
    incoming: ["imap.yandex.com", 993],
    pop3: "pop.yandex.com",
    outgoing: ["smtp.yandex.com", 465, "tls"],
    secret: "app-password",
    helpUrl: "https://id.yandex.com/security/app-passwords",
  },
  {
    key: "qq",
    domains: ["qq.com", "vip.qq.com", "foxmail.com"],
    incoming: ["imap.qq.com", 993],
    pop3: "pop.qq.com",
    outgoing: ["smtp.qq.com", 465, "tls"],
    secret: "authorization-code",
    helpUrl: "https://wx.mail.qq.com/account",
  },
  {
    key: "exmail",
    domains: ["exmail.qq.com"],
    mx: ["mxbiz1.qq.com", "mxbiz2.qq.com", "mxbiz3.qq.com", "mxbiz4.qq.com"],
    incoming: ["imap.exmail.qq.com", 993],
    pop3: "pop.exmail.qq.com",
    outgoing: ["smtp.exmail.qq.com", 465, "tls"],
    secret: "authorization-code",
    helpUrl: "https://exmail.qq.com/login",
  },
  {
    key: "163",
    domains: ["163.com"],
    incoming: ["imap.163.com", 993],
    pop3: "pop.163.com",
    outgoing: ["smtp.163.com", 465, "tls"],
    secret: "authorization-code",
    helpUrl: "https://mail.163.com/",
  },
  {
    key: "126",
    domains: ["126.com"],
    incoming: ["imap.126.com", 993],
    pop3: "pop.126.com",
    outgoing: ["smtp.126.com", 465, "tls"],
    secret: "authorization-code",
    helpUrl: "https://mail.126.com/",
  },
  {
    key: "yeah",
    domains: ["yeah.net"],
    incoming: ["imap.yeah.net", 993],
    pop3: "pop.yeah.net",
    outgoing: ["smtp.yeah.net", 465, "tls"],
    secret: "authorization-code",
    helpUrl: "https://www.yeah.net/",
  },
  {
    key: "sina",
    domains: ["sina.com"],
    incoming: ["imap.sina.com", 993],
    pop3: "pop.sina.com",
    outgoing: ["smtp.sina.com", 465, "tls"],
    secret: "authorization-code",
    helpUrl: "https://mail.sina.com.cn/",
  },
  {
    key: "sina",
    domains: ["sina.cn"],
    incoming: ["imap.sina.cn", 993],
    pop3: "pop.sina.cn",
    outgoing: ["smtp.sina.cn", 465, "tls"],
    secret: "authorization-code",
    helpUrl: "https://mail.sina.com.cn/",
  },
  {
    key: "sohu",
    domains: ["sohu.com"],
    incoming: ["imap.sohu.com", 993],
    pop3: "pop3.sohu.com",
    outgoing: ["smtp.sohu.com", 465, "tls"],
    secret: "authorization-code",
    helpUrl: "https://mail.sohu.com/",
  },
  {
    key: "aliyun",
    domains: ["aliyun.com"],
    incoming: ["imap.aliyun.com", 993],
    pop3: "pop3.aliyun.com",
    outgoing: ["smtp.aliyun.com", 465, "tls"],
    secret: "password",
    helpUrl: "https://mail.aliyun.com/",
  },
  {
    key: "139",
    domains: ["139.com"],
    incoming: ["imap.139.com", 993],
    pop3: "pop.139.com",
    outgoing: ["smtp.139.com", 465, "tls"],
    secret: "authorization-code",
    helpUrl: "https://mail.10086.cn/",
  },
  {
    key: "189",
    domains: ["189.cn"],
    incoming: ["imap.189.cn", 993],
    pop3: "pop.189.cn",
    outgoing: ["smtp.189.cn", 465, "tls"],
    secret: "authorization-code",
    helpUrl: "https://mail.189.cn/",
  },
];

export function providerOfDomain(domain: string): Provider | undefined {
  return PROVIDERS.find((provider) => provider.domains.includes(domain));
}

/** The provider that runs a customer's own domain, told from its mail exchangers. */
export function providerOfMx(hosts: readonly string[]): Provider | undefined {
  const lower = hosts.map((host) => host.toLowerCase().replace(/\.$/u, ""));
  return PROVIDERS.find((provider) => provider.mx?.some((end) => lower.some((host) => host === end || host.endsWith(`.${end}`))));
}

/** The provider whose incoming server this is. */
export function providerOfHost(host: string): Provider | undefined {
  const lower = host.toLowerCase();
  return PROVIDERS.find((provider) => provider.incoming[0] === lower || provider.pop3 === lower);
}

/** All that can be had there, IMAP before POP3. */
export function providerSettings(provider: Provider, address: string): AccountSettings[] {
  const pop3 = pop3SettingsOf(provider, address);
  return [settingsOf(provider, address), ...(pop3 === undefined ? [] : [pop3])];
}

/** iCloud wants the part before the @ for IMAP; everybody else the whole address. */
export function settingsOf(provider: Provider, address: string): AccountSettings {
  const local = address.slice(0, address.lastIndexOf("@"));
  const [incomingHost, incomingPort] = provider.incoming;
  const [outgoingHost, outgoingPort, security] = provider.outgoing;
  return {
    protocol: "imap",
    incoming: { host: incomingHost, port: incomingPort, security: "tls", user: provider.key === "icloud" ? local : address },
    outgoing: { host: outgoingHost, port: outgoingPort, security, user: address },
  };
}

/** The same account by POP3; undefined where the provider has none. Nothing is deleted on the server unless that is asked for. */
export function pop3SettingsOf(provider: Provider, address: string): AccountSettings | undefined {
  if (provider.pop3 === undefined) return undefined;
  return {
    ...settingsOf(provider, address),
    protocol: "pop3",
    incoming: { host: provider.pop3, port: 995, security: "tls", user: address },
    leaveOnServer: { kind: "forever" },
  };
}
