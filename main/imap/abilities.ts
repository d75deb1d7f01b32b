/** What the server can do, as far as Satchel cares. */
export type Abilities = {
  /** CONDSTORE is switched on: mod-sequences can be trusted (RFC 7162). */
  readonly condstore: boolean;
  /** QRESYNC is switched on: deletions come as UIDs. */
  readonly qresync: boolean;
  readonly move: boolean;
  readonly uidplus: boolean;
  readonly idle: boolean;
  /** LIST … RETURN (STATUS …) answers for all folders at once (RFC 5819). */
  readonly listStatus: boolean;
  readonly listExtended: boolean;
  readonly specialUse: boolean;
  /** Google's and QQ's forerunner of SPECIAL-USE. */
  readonly xlist: boolean;
  readonly esearch: boolean;
  /** X-GM-EXT-1: labels, conversations and identities of Gmail. */
  readonly gmail: boolean;
  /** NAMESPACE (RFC 2342). */
  readonly namespace: boolean;
  /** MYRIGHTS (RFC 4314). */
  readonly acl: boolean;
  /** MAILBOXID (RFC 8474). */
  readonly objectId: boolean;
  /** EMAILID (RFC 8474), Gmail's X-GM-MSGID, or none. */
  readonly messageIdentity: "EMAILID" | "X-GM-MSGID" | null;
  /** Bytes that a message put into a folder may have (APPENDLIMIT, RFC 7889); null = the server does not say. */
  readonly appendLimit: number | "by-folder" | null;
};

/** `enabled` are the extensions that the server confirmed with ENABLED; an advertised CONDSTORE alone is not enough to rely on. */
export function readAbilities(capabilities: ReadonlySet<string>, enabled: ReadonlySet<string>, appendLimit: unknown): Abilities {
  const has = (name: string) => capabilities.has(name);
  return {
    condstore: enabled.has("CONDSTORE") || enabled.has("QRESYNC"),
    qresync: enabled.has("QRESYNC"),
    move: has("MOVE"),
    uidplus: has("UIDPLUS"),
    idle: has("IDLE"),
    listStatus: has("LIST-STATUS"),
    listExtended: has("LIST-EXTENDED"),
    specialUse: has("SPECIAL-USE"),
    xlist: has("XLIST"),
    esearch: has("ESEARCH"),
    gmail: has("X-GM-EXT-1"),
    namespace: has("NAMESPACE") || has("IMAP4REV2"),
    acl: has("ACL"),
    objectId: has("OBJECTID"),
    messageIdentity: has("OBJECTID") ? "EMAILID" : has("X-GM-EXT-1") ? "X-GM-MSGID" : null,
    appendLimit: appendLimit === true ? "by-folder" : typeof appendLimit === "number" && appendLimit > 0 ? appendLimit : null,
  };
}
