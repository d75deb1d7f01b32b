/** The ten kinds of failure; each has one reaction (ARCHITECTURE.md, Failures). */
export const FAILURE_KINDS = [
  "offline",
  "throttled",
  "auth",
  "untrusted",
  "refused",
  "gone",
  "conflict",
  "invalid",
  "storage",
  "bug",
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/**
 * Every sentence Satchel can say about a failure, by kind. The window has each in English and 简体中文 under `failure.CODE`;
 * `params` fill the blanks. A new situation gets a new code here, and its two sentences in the same commit.
 */
export const FAILURE_CODES = {
  offline: [
    "host-not-found",
    "connection-refused",
    "timed-out",
    "line-closed",
    "working-offline",
    "network-unreachable",
    "captive-portal",
    "proxy-unreachable",
    "proxy-refused",
  ],
  throttled: ["throttled", "too-many-connections", "greylisted", "server-unavailable", "mailbox-in-use", "sending-limit", "sending-locked"],
  auth: [
    "wrong-password",
    "needs-app-password",
    "needs-authorization-code",
    "browser-sign-in-needed",
    "token-expired",
    "no-credential",
    "vault-locked",
    "vault-unavailable",
    "wrong-passphrase",
    "proxy-sign-in",
    "imap-switched-off",
    "pop3-switched-off",
    "sign-in-revoked",
    "sign-in-denied",
    "sign-in-refused",
    "sign-in-needs-admin",
    "sign-in-policy",
    "sign-in-account",
    "sign-in-client",
    "sign-in-timed-out",
    "sign-in-no-client",
  ],
  untrusted: [
    "certificate-expired",
    "certificate-not-yet-valid",
    "clock-wrong",
    "certificate-wrong-name",
    "certificate-self-signed",
    "certificate-unknown-issuer",
    "tls-too-old",
    "tls-failed",
    "starttls-missing",
    "no-secure-login",
    "certificate-changed",
    "sign-in-forged",
    "sign-in-no-address",
    "server-unproven",
  ],
  refused: [
    "refused-by-server",
    "recipient-refused",
    "sender-refused",
    "message-too-large",
    "mailbox-limit",
    "no-permission",
    "over-quota",
    "bulk-refused",
    "not-supported",
    "tls-not-promised",
    "not-a-mail-server",
    "directory-base",
    "directory-sign-in",
    "bad-reply",
  ],
  gone: ["message-gone", "folder-gone", "draft-gone", "account-gone", "part-gone", "not-here-yet"],
  conflict: [
    "draft-changed",
    "send-late",
    "already-sending",
    "recording-already",
    "already-sent",
    "account-exists",
    "server-exists",
    "folder-changed",
    "folder-taken",
    "folder-not-empty",
    "folder-has-new-mail",
  ],
  invalid: [
    "invalid-input",
    "no-recipients",
    "bad-address",
    "attachment-too-large",
    "unknown-request",
    "no-folder-for-role",
    "folder-name",
    "folder-in-itself",
    "no-table",
    "table-too-long",
    "placeholder-unknown",
    "app-locked",
    "pin-wrong",
    "pin-wait",
    "confirm-first",
    "system-unlock-refused",
    "set-by-organisation",
  ],
  storage: ["disk-full", "database-corrupt", "database-newer", "read-only", "profile-in-use", "blob-damaged", "from-spare-copy"],
  bug: ["bug", "engine-restarted"],
} as const satisfies Record<FailureKind, readonly string[]>;
export type FailureCode = { [K in FailureKind]: (typeof FAILURE_CODES)[K][number] }[FailureKind];

const KIND_OF = new Map<string, FailureKind>(FAILURE_KINDS.flatMap((kind) => FAILURE_CODES[kind].map((code) => [code, kind] as const)));
/** Every code, of whatever kind. */
export const ALL_CODES = [...KIND_OF.keys()] as [FailureCode, ...FailureCode[]];

/** A failure as it crosses the contract and as it is stored: no stack, no secret. */
export type FailureData = {
  kind: FailureKind;
  code: FailureCode;
  /** Fills the blanks of the sentence: host, port, folder, sizes in bytes. Never a secret. */
  params: Record<string, string | number>;
  /** What the server said, word for word, at most 1,000 characters. */
  serverWords?: string | undefined;
};

/** The only error Satchel's own code throws on purpose. Adapters turn library errors into it and keep them as `cause`. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly kind: FailureKind;
  readonly code: FailureCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly serverWords: string | undefined;

  constructor(
    code: FailureCode,
    more: { params?: Record<string, string | number>; serverWords?: string | undefined; cause?: unknown } = {},
  ) {
    super(
      more.serverWords === undefined ? code : `${code}: ${more.serverWords}`,
      more.cause === undefined ? undefined : { cause: more.cause },
    );
    this.kind = KIND_OF.get(code) ?? "bug";
    this.code = code;
    this.params = more.params ?? {};
    this.serverWords = more.serverWords?.slice(0, 1000);
  }

  /** For the wire and the store. */
  data(): FailureData {
    return {
      kind: this.kind,
      code: this.code,
      params: { ...this.params },
      ...(this.serverWords === undefined ? {} : { serverWords: this.serverWords }),
    };
  }

  static from(data: FailureData): Failure {
    return new Failure(data.code, { params: data.params, serverWords: data.serverWords });
  }
}

/** What `error` is to the rest of Satchel: itself if it is a Failure, else a bug that keeps it as its cause. */
export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure("bug", { cause: error });
}
