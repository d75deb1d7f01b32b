import type { Address } from "../../../shared/address.ts";
import type { AccountSettings, AccountSummary, Lookup, TestState, VaultState } from "../../../shared/contract/accounts.ts";
import type { BulkSummary } from "../../../shared/contract/bulk.ts";
import type { Attachment, Draft, DraftContent } from "../../../shared/contract/compose.ts";
import { KEEP_EVERYTHING } from "../../../shared/contract/offline.ts";
import type { OutboxItem, TimelineEvent } from "../../../shared/contract/outbox.ts";
import type { PolicySummary } from "../../../shared/contract/policy.ts";
import type { SignInProvider, SignInState } from "../../../shared/contract/sign-in.ts";
import type { InputOf, OutputOf, RequestName } from "../../../shared/contract/table.ts";
import { Failure } from "../../../shared/failure.ts";
import type { AccountId, AttachmentId, DraftId, OutgoingServerId } from "../../../shared/ids.ts";
import { FakeEngine } from "./engine.ts";
import { HARBOUR } from "./mailbox.ts";
import { outboxItem, outboxOfPictures, PEOPLE } from "./outbox-items.ts";
import { passedTest } from "./test-runs.ts";

type Handlers = { [N in RequestName]?: (input: InputOf<N>) => OutputOf<N> | Promise<OutputOf<N>> };
const MICROSOFT = { key: "microsoft", name: "Microsoft", client: "none", only: true, redirect: "http://localhost" } as const;
const SIGN_IN = "sign-in-1";
type Upload = { name: string; type: string; sizeBytes: number; inline: boolean; draftId: DraftId; bytes: number; nextOffset: number };

/** The scripted engine with the areas of writing, sending, accounts and settings on top. */
export class WritingEngine extends FakeEngine {
  drafts = new Map<DraftId, Draft>();
  items: OutboxItem[];
  /** What the outgoing servers can do. */
  offers: OutputOf<"outbox.offers">["offers"] = null;
  bulks: BulkSummary[] = [];
  paused = false;
  /** The history that every message of the outbox has. */
  events: TimelineEvent[] = [];
  vault: VaultState = { kind: "system", locked: false, place: "GNOME keyring", warning: "none" };
  policy: PolicySummary | null = null;
  /** Whom the organisation signs in to, and how far that is. */
  organisation: SignInProvider | null = null;
  signIn: SignInState = {
    state: "waiting",
    url: "https://login.harbour.example/authorize",
    opened: true,
    chosen: null,
    chosenName: null,
    failure: null,
  };
  /** What the organisation's address book answers. */
  inDirectory: (text: string) => OutputOf<"directory.find"> = () => ({ people: [], failure: null });
  canDemo = true;
  passphrase = "secret-four words in a row";
  /** Answers `accounts.test`; the last state stays. */
  testFor: (settings: AccountSettings) => TestState = () => passedTest();
  /** Milliseconds the pause after Send lasts. */
  undoMs = 6_000;
  failures = new Map<RequestName, Failure>();
  #tests = new Map<string, TestState>();
  #uploads = new Map<AttachmentId, Upload>();
  #last = 100;

  constructor(now: number, withAccounts = true) {
    super(now);
    if (!withAccounts) this.accounts = [];
    this.items = withAccounts ? outboxOfPictures(now) : [];
  }

  #account(id: AccountId, change: (account: AccountSummary) => Partial<AccountSummary>): void {
    this.accounts = this.accounts.map((one) => (one.id === id ? { ...one, ...change(one) } : one));
    this.tell("accounts.changed");
  }

  override async answer(method: RequestName, input: unknown): Promise<unknown> {
    const failure = this.failures.get(method);
    const handler = (this.#writing as Record<string, ((input: unknown) => unknown) | undefined>)[method];
    if (failure === undefined && handler === undefined) return super.answer(method, input);
    this.asked.push({ method, input });
    await this.opened;
    if (failure !== undefined) throw failure;
    return handler?.(input);
  }

  /** Requests of one kind, in order. */
  askedFor<N extends RequestName>(method: N): InputOf<N>[] {
    return this.asked.filter((one) => one.method === method).map((one) => one.input as InputOf<N>);
  }

  tell(event: "compose.changed" | "outbox.changed" | "accounts.changed" | "health.changed" | "settings.changed"): void {
    this.emit(event, { revision: this.#next() });
  }

  /** The browser came back, or did not. */
  goOnSigningIn(change: Partial<SignInState>): void {
    this.signIn = { ...this.signIn, ...change };
    this.emit("signIn.changed", { signInId: SIGN_IN, revision: this.#next() });
  }

  testIds(): Iterable<string> {
    return this.#tests.keys();
  }

  setTest(testId: string, state: TestState): void {
    this.#tests.set(testId, state);
    this.emit("accounts.tested", { testId, revision: this.#next() });
  }

  addDraft(content: Partial<DraftContent>, more: Partial<Draft> = {}): Draft {
    const id = this.#next() as DraftId;
    const identityId = (this.accounts[0]?.identities[0]?.id ?? 1) as DraftContent["identityId"];
    const made: Draft = {
      id,
      accountId: HARBOUR,
      kind: "new",
      content: { identityId, to: [], cc: [], bcc: [], subject: "", html: "<p></p>", includeQuote: false, ...content },
      attachments: [],
      quoteUrl: null,
      revision: 0,
      savedAt: this.now,
      ...more,
    };
    this.drafts.set(id, made);
    return made;
  }

  #next(): number {
    this.#last += 1;
    return this.#last;
  }

  #draft(id: DraftId): Draft {
    const found = this.drafts.get(id);
    if (found === undefined) throw new Failure("draft-gone");
    return found;
  }

  readonly #writing: Handlers = {
    "accounts.list": () => ({ accounts: this.accounts, vault: this.vault, canDemo: this.canDemo }),
    "policy.read": () => ({ policy: this.policy }),
    "accounts.lookup": ({ address }) => lookupOf(address),
    "signIn.provider": ({ host }) => ({ provider: host.includes("outlook") ? MICROSOFT : null }),
    "signIn.organisation": () => ({ provider: this.organisation }),
    "signIn.begin": () => ({ signInId: SIGN_IN }),
    "signIn.state": () => this.signIn,
    "signIn.openAgain": () => ({}),
    "signIn.cancel": () => {
      this.goOnSigningIn({ state: "cancelled", url: null });
      return {};
    },
    "accounts.test": ({ settings }) => {
      const testId = `test-${this.#next()}-running`;
      this.#tests.set(testId, this.testFor(settings));
      return { testId };
    },
    "accounts.retest": () => {
      const testId = `test-${this.#next()}-running`;
      this.#tests.set(testId, passedTest());
      return { testId };
    },
    "accounts.testState": ({ testId }) => this.#tests.get(testId) ?? passedTest(),
    "accounts.add": ({ address, accountName, personName, settings }) => {
      const id = this.#next() as AccountSummary["id"];
      const identity = { id: id as never, accountId: id, name: personName, address, signature: "", isDefault: true };
      this.accounts = [
        ...this.accounts,
        {
          id,
          name: accountName,
          address,
          settings,
          furtherOutgoing: [],
          fallback: "none",
          identities: [identity],
          paused: false,
          provider: null,
          offline: KEEP_EVERYTHING,
          keepAtMostMb: null,
        },
      ];
      this.tell("accounts.changed");
      return { accountId: id };
    },
    "accounts.saveOutgoing": ({ accountId, id, settings }) => {
      const saved = { id: id ?? (this.#next() as OutgoingServerId), settings };
      this.#account(accountId, ({ furtherOutgoing }) => ({
        furtherOutgoing: id === null ? [...furtherOutgoing, saved] : furtherOutgoing.map((one) => (one.id === id ? saved : one)),
      }));
      return { id: saved.id };
    },
    "accounts.removeOutgoing": ({ id }) => {
      for (const one of this.accounts)
        this.#account(one.id, ({ furtherOutgoing }) => ({ furtherOutgoing: furtherOutgoing.filter((further) => further.id !== id) }));
      return {};
    },
    "accounts.orderOutgoing": ({ accountId, ids }) => {
      this.#account(accountId, ({ furtherOutgoing }) => ({
        furtherOutgoing: ids.flatMap((id) => furtherOutgoing.filter((one) => one.id === id)),
      }));
      return {};
    },
    "accounts.setFallback": ({ accountId, fallback }) => {
      this.#account(accountId, () => ({ fallback }));
      return {};
    },
    "accounts.testOutgoing": () => {
      const testId = `test-${this.#next()}-running`;
      const passed = passedTest();
      this.#tests.set(testId, { ...passed, steps: passed.steps.filter(({ side }) => side === "outgoing") });
      return { testId };
    },
    "accounts.update": ({ accountId, accountName, settings, paused }) => {
      this.accounts = this.accounts.map((one) =>
        one.id === accountId
          ? {
              ...one,
              ...(accountName === undefined ? {} : { name: accountName }),
              ...(settings === undefined ? {} : { settings }),
              ...(paused === undefined ? {} : { paused }),
            }
          : one,
      );
      this.tell("accounts.changed");
      return {};
    },
    "accounts.setCredential": () => ({}),
    "accounts.remove": ({ accountId }) => {
      this.accounts = this.accounts.filter((one) => one.id !== accountId);
      this.tell("accounts.changed");
      return {};
    },
    "accounts.saveIdentity": (saved) => {
      const id = (saved.id ?? this.#next()) as AccountSummary["identities"][number]["id"];
      const identity = { ...saved, id };
      this.accounts = this.accounts.map((one) => {
        if (one.id !== saved.accountId) return one;
        const others = one.identities.filter((own) => own.id !== id).map((own) => (saved.isDefault ? { ...own, isDefault: false } : own));
        return { ...one, identities: [...others, identity] };
      });
      this.tell("accounts.changed");
      return { identityId: id };
    },
    "accounts.removeIdentity": ({ identityId }) => {
      this.accounts = this.accounts.map((one) => ({ ...one, identities: one.identities.filter((own) => own.id !== identityId) }));
      this.tell("accounts.changed");
      return {};
    },
    "accounts.openDemo": () => {
      const fresh = new FakeEngine(this.now);
      this.accounts = fresh.accounts;
      this.tell("accounts.changed");
      return { accountId: HARBOUR };
    },
    "accounts.unlockVault": ({ passphrase }) => {
      if (passphrase !== this.passphrase) throw new Failure("wrong-passphrase");
      this.vault = { ...this.vault, locked: false };
      return this.vault;
    },
    "accounts.createVault": ({ passphrase }) => {
      this.vault =
        passphrase === null
          ? { kind: "key-file", locked: false, place: "/home/lin/.config/satchel", warning: "none" }
          : { kind: "passphrase", locked: false, place: "vault.json", warning: "none" };
      return this.vault;
    },
    "compose.start": (input) => {
      if (input.kind === "new") return this.addDraft({});
      if (input.kind === "mailto") return this.addDraft({ to: [{ name: "", address: input.url.replace(/^mailto:/u, "") }] });
      return this.addDraft(
        {
          to: [PEOPLE.mira, PEOPLE.sato],
          subject: "Re: Osaka shipment: crates, dates, one question",
          includeQuote: true,
        },
        { kind: input.kind === "again" || input.kind === "continue" ? "new" : input.kind, quoteUrl: `/body/${input.placementId}` },
      );
    },
    "compose.open": ({ draftId }) => this.#draft(draftId),
    "compose.save": ({ draftId, revision, content }) => {
      const draft = this.#draft(draftId);
      if (draft.revision !== revision) throw new Failure("draft-changed");
      const saved = { ...draft, content, revision: revision + 1, savedAt: this.now };
      this.drafts.set(draftId, saved);
      this.tell("compose.changed");
      return { revision: saved.revision, savedAt: saved.savedAt };
    },
    "compose.discard": ({ draftId }) => {
      this.drafts.delete(draftId);
      this.tell("compose.changed");
      return {};
    },
    "compose.drafts": () => ({
      drafts: [...this.drafts.values()].map(({ id, accountId, content, savedAt, attachments }) => ({
        id,
        accountId,
        to: content.to,
        subject: content.subject,
        snippet: content.html.replaceAll(/<[^>]*>/gu, " ").trim(),
        savedAt,
        attachmentCount: attachments.length,
      })),
    }),
    "compose.attachBegin": ({ draftId, name, type, sizeBytes, inline }) => {
      const attachmentId = this.#next() as AttachmentId;
      this.#uploads.set(attachmentId, { draftId, name, type, sizeBytes, inline, bytes: 0, nextOffset: 0 });
      return { attachmentId };
    },
    "compose.attachPiece": ({ attachmentId, offset, base64 }) => {
      const upload = this.#uploads.get(attachmentId);
      if (upload === undefined || upload.nextOffset !== offset) throw new Failure("invalid-input");
      upload.bytes += Buffer.from(base64, "base64").length;
      upload.nextOffset = upload.bytes;
      return { receivedBytes: upload.bytes };
    },
    "compose.attachEnd": ({ attachmentId }) => {
      const upload = this.#uploads.get(attachmentId);
      if (upload === undefined || upload.bytes !== upload.sizeBytes) throw new Failure("invalid-input");
      const attachment: Attachment = {
        id: attachmentId,
        name: upload.name,
        type: upload.type,
        sizeBytes: upload.sizeBytes,
        contentId: upload.inline ? `pic-${attachmentId}@satchel` : null,
        url: `/part/${attachmentId}`,
      };
      const draft = this.#draft(upload.draftId);
      this.drafts.set(draft.id, { ...draft, attachments: [...draft.attachments, attachment] });
      return attachment;
    },
    "compose.detach": ({ attachmentId }) => {
      for (const draft of this.drafts.values()) {
        this.drafts.set(draft.id, { ...draft, attachments: draft.attachments.filter((one) => one.id !== attachmentId) });
      }
      return {};
    },
    "compose.complete": ({ text, limit }) => ({ people: known(text).slice(0, limit) }),
    "directory.find": ({ text }) => this.inDirectory(text),
    "directory.read": () => ({ kept: false }),
    "directory.test": () => ({ found: true }),
    "directory.save": ({ settings }) => {
      this.settings = { ...this.settings, directory: settings };
      this.tell("settings.changed");
      return {};
    },
    "compose.send": ({ draftId, revision, sendAt = null }) => {
      const draft = this.#draft(draftId);
      if (draft.revision !== revision) throw new Failure("draft-changed");
      const undoUntil = Date.now() + this.undoMs;
      const id = this.#next() as OutboxItem["id"];
      this.items = [...this.items, outboxItem(id, this.now, { subject: draft.content.subject, to: draft.content.to, undoUntil, sendAt })];
      this.drafts.delete(draftId);
      this.tell("compose.changed");
      this.tell("outbox.changed");
      return { outboxId: id, undoUntil };
    },
    "outbox.list": () => ({ items: this.items, bulks: this.bulks, paused: this.paused }),
    "outbox.retry": ({ outboxId }) => this.#change(outboxId, { state: "sending", stage: "connecting", undoUntil: 0 }),
    "outbox.withoutTls": ({ outboxId }) => this.#change(outboxId, { state: "queued", failure: null, requireTls: false }),
    "outbox.offers": () => ({ offers: this.offers }),
    "outbox.edit": ({ outboxId }) => {
      const item = this.#item(outboxId);
      if (item.state === "finishing") throw new Failure("already-sending");
      this.items = this.items.filter((one) => one.id !== outboxId);
      this.tell("outbox.changed");
      return { draftId: this.addDraft({ to: item.to, cc: item.cc, subject: item.subject, html: "<p>As before.</p>" }, { revision: 1 }).id };
    },
    "outbox.cancel": ({ outboxId }) => {
      const item = this.#item(outboxId);
      if (item.state === "finishing") throw new Failure("already-sending");
      this.#change(outboxId, { state: "cancelled" });
      return { draftId: this.addDraft({ to: item.to, subject: item.subject }, { revision: 1 }).id };
    },
    "outbox.resolve": ({ outboxId, decision }) => {
      if (decision === "arrived") return this.#change(outboxId, { state: "filed", acceptedAt: this.now, filedAt: this.now, unknown: null });
      if (decision === "send-again") return this.#change(outboxId, { state: "queued", stage: "waiting", unknown: null });
      return {};
    },
    "outbox.file": ({ outboxId, how }) =>
      this.#change(outboxId, { filingFailure: null, ...(how === "now" ? { state: "filed", filedAt: this.now } : {}) }),
    "outbox.timeline": ({ outboxId }) => ({ events: this.events, technical: `Message-ID: <m${outboxId}@harbour.example>\n` }),
    "outbox.source": ({ outboxId }) => ({ url: `/part/outbox-${outboxId}` }),
    "outbox.duplicate": ({ outboxId }) => ({ draftId: this.addDraft({ subject: this.#item(outboxId).subject }, { revision: 1 }).id }),
    "outbox.pause": ({ paused }) => {
      this.paused = paused;
      this.tell("outbox.changed");
      return {};
    },
    "outbox.dismiss": ({ outboxId }) => {
      this.items = this.items.filter((one) => one.id !== outboxId);
      this.tell("outbox.changed");
      return {};
    },
    "health.report": () => ({ text: '{"level":"info","message":"engine started"}' }),
    "health.rebuildIndex": () => ({}),
  };

  #item(id: OutboxItem["id"]): OutboxItem {
    const found = this.items.find((one) => one.id === id);
    if (found === undefined) throw new Failure("invalid-input");
    return found;
  }

  #change(id: OutboxItem["id"], change: Partial<OutboxItem>): Record<string, never> {
    this.items = this.items.map((one) => (one.id === id ? { ...one, ...change } : one));
    this.tell("outbox.changed");
    return {};
  }
}

const KNOWN: readonly Address[] = [
  { name: "陈晓雯 xiǎowén", address: "xiaowen@qinglan-expo.example" },
  { name: "肖远", address: "xiao.yuan@lotus-print.example" },
  { name: "", address: "h.brandt@kiln-works.example" },
  PEOPLE.mira,
  PEOPLE.sato,
  PEOPLE.ana,
];

function known(text: string): Address[] {
  const wanted = text.toLowerCase();
  return KNOWN.filter(({ name, address }) => `${name} ${address}`.toLowerCase().includes(wanted));
}

function lookupOf(address: string): Lookup {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  const settings = (imap: string, smtp: string): AccountSettings => ({
    protocol: "imap",
    incoming: { host: imap, port: 993, security: "tls", user: address },
    outgoing: { host: smtp, port: 465, security: "tls", user: address },
  });
  const preset = (provider: string, secret: Lookup["secret"], helpUrl: string | null): Lookup => ({
    provider,
    secret,
    helpUrl,
    settings: [{ source: "preset", from: "", confirm: false, settings: settings(`imap.${domain}`, `smtp.${domain}`) }],
    looked: [],
  });
  if (domain === "qq.com") return preset("qq", "authorization-code", "https://wx.mail.qq.com/account");
  if (domain === "gmail.com") return preset("gmail", "app-password", "https://myaccount.google.com/apppasswords");
  if (domain === "outlook.com") return preset("outlook", "browser", null);
  const plain = { provider: null, secret: "password", helpUrl: null } as const;
  const from = `autoconfig.${domain}`;
  const own = settings(`imap.${domain}`, `smtp.${domain}`);
  if (domain === "nobody.test") {
    const guess = { source: "guess", from: "", confirm: true } as const;
    return {
      ...plain,
      settings: [
        { ...guess, settings: own },
        { ...guess, settings: settings(`mail.${domain}`, `mail.${domain}`) },
      ],
      looked: [
        { source: "autoconfig", host: from, outcome: "untrusted" },
        { source: "autoconfig", host: domain, outcome: "slow" },
        { source: "database", host: "", outcome: "none" },
        { source: "exchanger", host: domain, outcome: "unreachable" },
        { source: "srv", host: domain, outcome: "slow" },
        { source: "guess", host: domain, outcome: "none" },
      ],
    };
  }
  if (domain === "two.test") {
    return {
      ...plain,
      settings: [
        { source: "autoconfig", from, confirm: false, settings: own },
        { source: "srv", from: domain, confirm: false, settings: settings(`mail.${domain}`, `mail.${domain}`) },
        {
          source: "exchanger",
          from: "mx1.harbour.example",
          confirm: true,
          settings: settings("imap.harbour.example", "smtp.harbour.example"),
        },
      ],
      looked: [
        { source: "autoconfig", host: from, outcome: "found" },
        { source: "exchanger", host: "mx1.harbour.example", outcome: "found" },
        { source: "srv", host: domain, outcome: "found" },
      ],
    };
  }
  return {
    ...plain,
    settings: [{ source: "autoconfig", from, confirm: false, settings: own }],
    looked: [{ source: "autoconfig", host: from, outcome: "found" }],
  };
}
