/**
 * What is known of one sending host: whether it files what it sends in Sent by itself. Gmail and Outlook do; others do when the user has
 * set it so in web mail; most do not. A copy of ours beside the host's own would double the mail, so it is learnt and never asked.
 */
export type SentKnowledge = {
  readonly filesItself: boolean | null;
  /** Times in a row that its copy was waited for in vain. */
  readonly inVain: number;
  /** Message-ID of the copy that we filed last, to see whether the host filed one as well, late. */
  readonly lastOurs: string | null;
};

export const NOTHING_KNOWN: SentKnowledge = { filesItself: null, inVain: 0, lastOurs: null };

const SECOND = 1000;
/** How long after the acceptance the host's own copy is waited for. */
const PATIENCE_MS = { certain: 120 * SECOND, unsure: 60 * SECOND, near: 2 * SECOND, none: 0 } as const;
/** One wait in vain may be an accident. */
const CERTAIN_AFTER = 2;

/** Hosts that are known to file by themselves, before anything was learnt: Gmail, Outlook and Microsoft 365. */
export function filesByReputation(host: string): boolean {
  return /(^|\.)(gmail|googlemail|outlook|office365|hotmail)\.com$/iu.test(host);
}

/** `reputed`: known to file by itself; `near`: on this computer (a bridge to a provider, perhaps), where nothing takes long. */
export type Host = { readonly reputed: boolean; readonly near: boolean };

/** How long after the acceptance our own copy may be filed, ms. */
export function patienceMs(knowledge: SentKnowledge, { reputed, near }: Host): number {
  if (knowledge.filesItself === false) return PATIENCE_MS.none;
  if (knowledge.filesItself === true || reputed) return PATIENCE_MS.certain;
  return near ? PATIENCE_MS.near : PATIENCE_MS.unsure;
}

/** A copy lay in Sent that we had not put there. */
export function learnFilesItself(knowledge: SentKnowledge): SentKnowledge {
  return knowledge.filesItself === true && knowledge.inVain === 0 ? knowledge : { ...knowledge, filesItself: true, inVain: 0 };
}

/** We filed one, after waiting for the host's as long as we do. @param waited whether there was a wait at all */
export function learnFiledByUs(knowledge: SentKnowledge, messageIdHeader: string, waited: boolean): SentKnowledge {
  const inVain = waited ? knowledge.inVain + 1 : knowledge.inVain;
  const filesItself = waited && inVain >= CERTAIN_AFTER ? false : knowledge.filesItself;
  return { filesItself, inVain, lastOurs: messageIdHeader };
}

/** How many copies of the last that we filed lie in Sent now: a second one is the host's, which came late. */
export function learnFromLast(knowledge: SentKnowledge, copies: number): SentKnowledge {
  return copies > 1 ? { filesItself: true, inVain: 0, lastOurs: null } : knowledge;
}
