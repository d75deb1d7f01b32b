import { type ImapServer, startImapServer } from "../imap/server.ts";
import { encodeFolderName } from "../imap/utf7.ts";
import { type SubmittedMessage, startSmtpServer } from "../smtp.ts";
import { Answers } from "./answers.ts";
import { arrivingMail, demoMessages, rawOf } from "./mailbox.ts";
import { DEMO_ADDRESS } from "./people.ts";

export interface Demo {
  address: string;
  personName: string;
  password: string;
  imapPort: number;
  smtpPort: number;
  stop(): Promise<void>;
}

export interface DemoOptions {
  /** `zh-CN` names the owner and some folders in Chinese. */
  lang?: string;
  now?: () => Date;
  /** Runs a deed later; returns how to call it off. */
  schedule?: (delayMs: number, deed: () => void) => () => void;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const FIRST_ARRIVAL_MS = 45 * SECOND;
const PASSWORD = "secret-glaze";

const FOLDERS = {
  inbox: "INBOX",
  sent: "Sent",
  drafts: "Drafts",
  archive: "Archive",
  junk: "Junk",
  trash: "Trash",
  fapiao: "发票与报销",
} as const;
const OWN_FOLDERS = {
  en: { ship: "Shipping", contracts: "Contracts", kyoto: "京都・大阪" },
  zh: { ship: "展会与物流", contracts: "合同", kyoto: "日本客户" },
} as const;
const SPECIAL_USE: Readonly<Record<string, string>> = {
  sent: "\\Sent",
  drafts: "\\Drafts",
  archive: "\\Archive",
  junk: "\\Junk",
  trash: "\\Trash",
};

/**
 * Starts the demo mailbox: an IMAP and an SMTP server in this process, on loopback, without TLS.
 *
 * Mail comes in now and then, and who is written to answers. Nothing is kept when it stops.
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const now = options.now ?? (() => new Date());
  const schedule = options.schedule ?? laterByTimer;
  const chinese = options.lang?.startsWith("zh") === true;
  const folders: Readonly<Record<string, string>> = { ...FOLDERS, ...(chinese ? OWN_FOLDERS.zh : OWN_FOLDERS.en) };
  const user = { address: DEMO_ADDRESS, password: PASSWORD };

  const uses = Object.entries(folders).map(([key, name]) => [encodeFolderName(name), SPECIAL_USE[key] ?? null]);
  const imap = await startImapServer({ users: [{ ...user, folders: Object.fromEntries(uses) }], name: "Satchel demo mailbox" });
  for (const { folder, raw, flags, at } of demoMessages(now())) {
    imap.folder(DEMO_ADDRESS, folders[folder] ?? "INBOX").deliver(raw, { flags, internalDate: at });
  }

  const pending = new Set<() => void>();
  const later = (delayMs: number, deed: () => void): void => {
    const cancel = schedule(delayMs, () => {
      pending.delete(cancel);
      deed();
    });
    pending.add(cancel);
  };
  const answers = new Answers();
  const answer = (message: SubmittedMessage): undefined => {
    const others = message.to.filter((address) => address.toLowerCase() !== DEMO_ADDRESS);
    for (const [index, recipient] of others.entries()) {
      // Nobody answers at once, and not two at the same time.
      later((6 + 7 * index) * SECOND, () => void arrive(imap, answers.to(message.raw, recipient, now()), now()));
    }
    return undefined;
  };
  const smtp = await startSmtpServer({ users: [user], imap, onMessage: answer });
  scheduleArrivals(imap, now, later);

  return {
    address: DEMO_ADDRESS,
    personName: chinese ? "林薇" : "Lin Wei",
    password: PASSWORD,
    imapPort: imap.port,
    smtpPort: smtp.port,
    stop: async () => {
      for (const cancel of pending) cancel();
      await Promise.all([imap.stop(), smtp.stop()]);
    },
  };
}

function laterByTimer(delayMs: number, deed: () => void): () => void {
  const timer = setTimeout(deed, delayMs);
  // The demo alone must not keep the program alive.
  timer.unref();
  return () => clearTimeout(timer);
}

/** The first mail after three quarters of a minute, then ever more seldom. */
function scheduleArrivals(imap: ImapServer, now: () => Date, later: (delayMs: number, deed: () => void) => void): void {
  const mails = arrivingMail(now());
  const next = (index: number, delayMs: number): void => {
    const mail = mails[index];
    if (mail === undefined) return;
    later(delayMs, () => {
      const at = now();
      arrive(imap, rawOf(mail, at, `<arriving-${index + 1}.${at.getTime()}.demo@mx.harbour.example>`, []), at);
      next(index + 1, (2 + index) * MINUTE);
    });
  };
  next(0, FIRST_ARRIVAL_MS);
}

function arrive(imap: ImapServer, raw: Buffer, at: Date): number {
  return imap.folder(DEMO_ADDRESS, "INBOX").deliver(raw, { internalDate: at });
}
