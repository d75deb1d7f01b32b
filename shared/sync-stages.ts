/** What a synchronisation spends its time on, in the order in which it comes to it. At any moment it is in one of them. */
export const SYNC_STAGES = [
  /** The provider allows only so many sign-ins a minute. */
  "turn",
  /** Password or token. */
  "credential",
  /** Name, proxy and line. */
  "connect",
  /** TLS. */
  "secure",
  /** The server's first words. */
  "greet",
  "sign-in",
  /** What folders there are and how they stand; of POP3 what messages. */
  "list",
  /** Looking into folders: what changed, what is gone. */
  "compare",
  /** What the user did goes to the server. */
  "acts",
  "headers",
  "bodies",
  /** The line is held because what came is not kept yet. */
  "held",
  /** All is here, and is being read. */
  "parse",
  "store",
  /** Handing over to the index, which is written elsewhere. */
  "index",
  /** POP3: taking away and taking leave. */
  "leave",
  "other",
] as const;
export type SyncStage = (typeof SYNC_STAGES)[number];

/** ms by stage; a stage that did not happen is missing. */
export type StageTimes = Partial<Record<SyncStage, number>>;
