import type { OfferedCharset } from "../../../shared/charsets.ts";
import type { AccountSummary } from "../../../shared/contract/accounts.ts";
import type { AttachmentRow } from "../../../shared/contract/attachments.ts";
import type { Delivery } from "../../../shared/contract/delivery.ts";
import type { HealthStatus, Notice } from "../../../shared/contract/health.ts";
import type { LockState } from "../../../shared/contract/lock.ts";
import type { ListRow, MessageBody, MessageHead, RowKey } from "../../../shared/contract/mail.ts";
import { KEEP_EVERYTHING } from "../../../shared/contract/offline.ts";
import type { Remembered } from "../../../shared/contract/remembered.ts";
import type { SenderRule } from "../../../shared/contract/senders.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../../shared/contract/settings.ts";
import type { EventName, EventOf, InputOf, OutputOf, RequestName } from "../../../shared/contract/table.ts";
import type { UnsubscribeRequest } from "../../../shared/contract/unsubscribe.ts";
import type { MessageWhy } from "../../../shared/contract/why.ts";
import { Failure } from "../../../shared/failure.ts";
import { type FileGroup, fileGroup } from "../../../shared/file-group.ts";
import type { ConversationId, OutboxId, PlacementId, ViewKey } from "../../../shared/ids.ts";
import { ARCHIVE, buildMailbox, DEEP, FOLDERS, HARBOUR, JUNK, type Letter, ME, PERSONAL, TRASH } from "./mailbox.ts";

type Handlers = { [N in RequestName]?: (input: InputOf<N>) => OutputOf<N> | Promise<OutputOf<N>> };
type Emit = <N extends EventName>(event: N, data: EventOf<N>) => void;

const DEEP_ROWS = 100_000;

/** A scripted engine for component journeys: the pictures' mailbox in memory, the contract on top. It keeps nothing and syncs nothing. */
export class FakeEngine {
  letters: Letter[];
  settings: Settings = { ...DEFAULT_SETTINGS };
  lock: LockState = { on: false, locked: false, afterMinutes: null, waitUntil: null, bySystem: "none" };
  pin = "secret-pelican-9";
  confirmed = false;
  /** Whether the system knows the finger on its sensor. */
  finger = false;
  notices: Notice[] = [];
  /** Calendars and contact cards that came along, by placement. */
  readonly calendars = new Map<number, OutputOf<"calendar.read">>();
  /** What is known of deliveries, by placement. */
  readonly deliveries = new Map<number, Delivery>();
  /** What came with a message that is attached to another one. */
  insideCards: OutputOf<"calendar.read"> | null = null;
  health: HealthStatus;
  accounts: AccountSummary[];
  emit: Emit = () => {};
  /** By sender: what was chosen for "Read as…". */
  readonly readAs = new Map<string, OfferedCharset>();
  readonly vouching = new Map<PlacementId, MessageBody["vouching"]>();
  /** Minutes east of UTC where messages were written, by placement. */
  readonly zones = new Map<PlacementId, number>();
  /** How lists are left, by placement. */
  readonly lists = new Map<PlacementId, { offer: OutputOf<"unsubscribe.look">; asked: UnsubscribeRequest | null }>();
  /** How attachments can be looked at, by name; others not at all. */
  readonly looks = new Map<string, OutputOf<"preview.look">>();
  /** Of these the large parts were asked for. */
  readonly partsAsked = new Set<PlacementId>();
  senderRules: SenderRule[] = [];
  /** Domains that take no mail. */
  readonly withoutMail = new Set<string>();
  remembered: Remembered = { pictures: [], charsets: [], originals: [] };
  /** Pictures from which marks are made, by name. */
  readonly marks = new Map<string, Buffer>();
  readonly tricks = new Map<PlacementId, MessageBody["tricks"]>();
  /** What was decided about every message. */
  why: MessageWhy = { charset: null, conversation: null, notKept: null };
  /** Requests seen, for tests to look at. */
  readonly asked: { method: string; input: unknown }[] = [];
  /** Set to make the next `mail.act` fail. */
  refuseNextAct: Failure | null = null;
  /** Set to keep `mail.page` from answering. */
  holdPages = false;
  /** Set to keep `mail.read` and `mail.conversation` from answering. */
  holdReading = false;
  /** Nothing is answered before. */
  opened: Promise<void> = Promise.resolve();
  readonly now: number;
  #revision = 1;
  #groups = new Map<string, Letter[]>();

  constructor(now: number) {
    this.now = now;
    this.letters = buildMailbox(now);
    this.accounts = [account(HARBOUR, "Harbour Studio", ME.address), account(PERSONAL, "个人邮箱", "lin@mail.example")];
    this.health = {
      workOffline: false,
      accounts: this.accounts.map(({ id }) => ({
        accountId: id,
        state: "up-to-date",
        phase: "idle",
        done: id === HARBOUR ? 29_000 : 11_400,
        total: id === HARBOUR ? 29_806 : 11_400,
        bytesToGo: id === HARBOUR ? 312_000_000 : 0,
        onDemand: 0,
        kept: { bytes: 0, limitBytes: null, by: null, full: false },
        pause: null,
        eta: id === HARBOUR ? { finishAt: now + 12 * 60_000, bytesADay: null } : null,
        pending: 0,
        since: now,
        syncedAt: now,
        nextTryAt: null,
        failure: null,
      })),
      outbox: { waiting: 0, sending: 0, needsUser: 3, oldestAt: null, servers: [] },
      index: { indexed: 41_206, toIndex: 0 },
      kept: { bytes: 0, limitBytes: null },
      bytesPerSecond: 0,
      storage: null,
    };
  }

  async answer(method: RequestName, input: unknown): Promise<unknown> {
    this.asked.push({ method, input });
    await this.opened;
    if (this.lock.locked && !/^(?:lock\.|health\.hello|settings\.read)/u.test(method)) throw new Failure("app-locked");
    const handler = (this.#handlers as Record<string, ((input: unknown) => unknown) | undefined>)[method];
    if (handler === undefined) throw new Failure("unknown-request");
    return handler(input);
  }

  #setLock(change: Partial<LockState>): LockState {
    this.lock = { ...this.lock, ...change };
    this.emit("lock.changed", { revision: this.#next() });
    return this.lock;
  }

  changed(view?: ViewKey): void {
    this.#revision += 1;
    const views =
      view === undefined
        ? [...FOLDERS.map(({ id }) => `folder:${id}` as ViewKey), "all:inbox" as ViewKey, "all:starred" as ViewKey]
        : [view];
    for (const one of views) this.emit("mail.changed", { view: one, revision: this.#revision });
    this.emit("folders.changed", { revision: this.#revision });
  }

  readonly #handlers: Handlers = {
    "health.hello": () => ({ version: "0.1.0", host: "loopback", platform: "linux", language: "en", engineRun: "run-1" }),
    "health.status": () => this.health,
    "health.workOffline": ({ on }) => {
      this.health = { ...this.health, workOffline: on };
      this.emit("health.changed", { revision: this.#next() });
      return {};
    },
    "health.syncNow": () => ({}),
    "lock.state": () => this.lock,
    "lock.active": () => ({}),
    "lock.now": () => this.#setLock({ locked: true }),
    "lock.set": ({ afterMinutes }) => {
      if (this.lock.on && !this.confirmed) throw new Failure("confirm-first");
      return this.#setLock({ on: true, afterMinutes });
    },
    "lock.unlock": ({ pin }) => {
      if (pin !== this.pin) throw new Failure("pin-wrong");
      return this.#setLock({ locked: false });
    },
    "lock.confirm": ({ pin }) => {
      if (pin !== this.pin) throw new Failure("pin-wrong");
      this.confirmed = true;
      return this.lock;
    },
    "lock.setBySystem": ({ on }) => {
      if (!this.confirmed) throw new Failure("confirm-first");
      return this.#setLock({ bySystem: on ? "on" : "offered" });
    },
    "lock.unlockBySystem": () => {
      if (!this.finger) throw new Failure("system-unlock-refused");
      return this.#setLock({ locked: false });
    },
    "lock.confirmBySystem": () => {
      this.confirmed = true;
      return this.lock;
    },
    "health.openDateSettings": () => ({ opened: false }),
    "mail.export": ({ placementId }) => {
      if (this.lock.on && !this.confirmed) throw new Failure("confirm-first");
      return { url: `/part/message-${placementId}` };
    },
    "lock.remove": () => {
      if (!this.confirmed) throw new Failure("confirm-first");
      return this.#setLock({ on: false });
    },
    "tell.read": () => ({ messages: [] }),
    "tell.show": () => ({ shown: false, clicked: false }),
    "tell.badge": () => ({}),
    "care.state": () => ({ running: false, checked: 0, total: 0, findings: null }),
    "care.check": () => ({}),
    "health.networkChanged": () => ({}),
    "offline.setPolicy": () => ({}),
    "folders.roles": () => ({ roles: [] }),
    "offline.trip": () => ({ trip: null }),
    "offline.planTrip": () => ({ readiness: { wanted: 40, ready: 28, bytesToGo: 86_000_000 }, secondsToGo: 120 }),
    "offline.startTrip": () => ({}),
    "offline.endTrip": () => ({}),
    "health.notices": ({ afterId }) => ({ notices: this.notices.filter(({ id }) => id > afterId) }),
    "health.openLink": () => ({ opened: true }),
    "settings.read": () => this.settings,
    "settings.write": (change) => {
      this.settings = { ...this.settings, ...(change as Settings) };
      return this.settings;
    },
    "accounts.list": () => ({
      accounts: this.accounts,
      vault: { kind: "system", locked: false, place: "GNOME keyring", warning: "none" },
      canDemo: true,
    }),
    "accounts.update": () => ({}),
    "compose.drafts": () => ({
      drafts: [1, 2].map((id) => ({
        id: id as never,
        accountId: HARBOUR,
        to: [ME],
        subject: `Draft ${id}`,
        snippet: "As promised, the list.",
        savedAt: this.now,
        attachmentCount: 0,
      })),
    }),
    "outbox.list": () => ({ items: [], bulks: [], paused: false }),
    "folders.list": () => ({
      folders: FOLDERS.map((seed) => ({
        ...seed,
        parentId: null,
        path: seed.name,
        total: this.#total(seed.id),
        unread: seed.unread,
        canSelect: true,
        canWrite: true,
        label: null,
        here: 0,
        bytesMissing: 0,
        policy: null,
        readiness: { wanted: this.#total(seed.id), ready: this.#total(seed.id), bytesToGo: 0 },
        subscribed: true,
        hidden: false,
        waiting: false,
        bars: { read: null, add: null, change: null, place: seed.role === "none" ? null : "role", inside: null },
      })),
      trees: this.accounts.map(({ id }) => ({ accountId: id, separator: "/", onlySubscribed: false, labels: false })),
      unified: [
        { view: "all:inbox", total: 40, unread: 23 },
        { view: "all:starred", total: 3, unread: 0 },
      ],
    }),
    "folders.markRead": () => ({ group: "g" }),
    "folders.emptyPreview": () => ({ messages: 3, bytes: 90_000, others: 0 }),
    "folders.empty": () => ({ group: "g" }),
    "mail.page": (input) => (this.holdPages ? new Promise(() => {}) : this.#page(input)),
    "mail.conversation": ({ conversationId }) => {
      if (this.holdReading) return new Promise(() => {});
      const found = this.#inConversation(conversationId);
      if (found.length === 0) throw new Failure("message-gone");
      return { subject: found[0]?.subject ?? "", messages: found.map(head) };
    },
    "mail.willRead": () => ({}),
    "mail.read": ({ placementId }) => {
      if (this.holdReading) return new Promise(() => {});
      const letter = this.#letter(placementId);
      const offline = this.health.accounts.some((one) => one.accountId === letter.accountId && one.state === "offline");
      return {
        head: head(letter),
        state: !letter.here
          ? { kind: "missing", offline, trouble: null }
          : letter.parts.some(({ here }) => !here)
            ? { kind: "outline", offline, trouble: null, asked: this.partsAsked.has(placementId) }
            : { kind: "here" },
        htmlUrl: letter.html === null ? null : `/body/${letter.placementId}`,
        text: letter.here ? letter.text : "",
        parts: letter.parts,
        hasCards: this.calendars.has(letter.placementId),
        remoteHosts: letter.remoteHosts,
        picturesAllowed: this.remembered.pictures.some(({ value }) => value === letter.from.address),
        lang: letter.lang,
        readAs: this.readAs.get(letter.from.address) ?? null,
        original: this.remembered.originals.includes(letter.from.address),
        tricks: this.tricks.get(letter.placementId) ?? [],
        vouching: this.vouching.get(letter.placementId) ?? { kind: "unknown" },
        sentZone: this.zones.get(letter.placementId) ?? null,
        list: this.#listOf(letter.placementId),
      };
    },
    "unsubscribe.look": ({ placementId }) =>
      this.lists.get(placementId)?.offer ?? { ways: [], checked: true, risky: false, discussion: false },
    "unsubscribe.ask": ({ placementId, way }) => {
      const list = this.lists.get(placementId);
      const found = list?.offer.ways.find(({ kind }) => kind === way);
      if (list === undefined || found === undefined || found.kind === "page") throw new Failure("invalid-input");
      const target = found.kind === "mail" ? found.to : found.host;
      list.asked = { way, target, askedAt: this.now, state: "told", status: null, words: "", here: true };
      this.emit("mail.updated", { messageIds: [this.#letter(placementId).messageId], revision: this.#next() });
      return {};
    },
    "mail.readAs": ({ placementId, charset }) => {
      const letter = this.#letter(placementId);
      if (charset === null) this.readAs.delete(letter.from.address);
      else this.readAs.set(letter.from.address, charset);
      this.emit("mail.updated", { messageIds: [head(letter).messageId], revision: this.#next() });
      return {};
    },
    "mail.readInside": ({ part }) => ({
      from: [{ name: "陈经理", address: "chen@example.test" }],
      to: [{ name: "", address: "user1@example.test" }],
      cc: [],
      subject: "里面的信",
      sentAt: Date.UTC(2026, 10, 2, 3, 4),
      htmlUrl: null,
      text: "合同在附件里，请查收。",
      parts: [{ part: `${part}~2`, name: "合同.pdf", type: "application/pdf", sizeBytes: 120_000, inline: false, here: true }],
      hasCards: this.insideCards !== null,
      remoteHosts: [],
      picturesAllowed: false,
      lang: "zh-CN",
    }),
    "mail.source": ({ placementId }) => ({
      text: `From: ${this.#letter(placementId).from.address}\r\nSubject: …\r\n\r\n${this.#letter(placementId).text}`,
      truncated: false,
    }),
    "mail.act": ({ targets, change }) => {
      if (this.refuseNextAct !== null) {
        const failure = this.refuseNextAct;
        this.refuseNextAct = null;
        throw failure;
      }
      const chosen =
        targets.kind === "placements"
          ? this.letters.filter((letter) => (targets.ids as number[]).includes(letter.placementId))
          : this.#inView(targets.view).filter((letter) => (targets.ids as number[]).includes(letter.conversationId));
      const group = `g${this.#next()}`;
      this.#groups.set(
        group,
        chosen.map((letter) => ({ ...letter })),
      );
      for (const letter of chosen) {
        if (change.kind === "flag" && change.flag === "seen") letter.seen = change.on;
        if (change.kind === "flag" && change.flag === "flagged") letter.flagged = change.on;
        if (change.kind === "move") letter.folderId = change.folderId;
        if (change.kind === "archive") letter.folderId = ARCHIVE;
        if (change.kind === "delete") letter.folderId = TRASH;
        if (change.kind === "junk") letter.folderId = JUNK;
      }
      queueMicrotask(() => this.changed());
      return { group, count: chosen.length };
    },
    "mail.undo": ({ group }) => {
      const before = this.#groups.get(group) ?? [];
      for (const old of before) Object.assign(this.#letter(old.placementId), old);
      queueMicrotask(() => this.changed());
      return { undone: before.length };
    },
    "mail.why": () => this.why,
    "story.read": ({ placementId }) => ({ events: [{ kind: "arrived", at: this.#letter(placementId).at }] }),
    "calendar.read": ({ placementId, inside }) =>
      (inside === undefined ? null : this.insideCards) ?? this.calendars.get(placementId) ?? { invitations: [], contacts: [], cards: 0 },
    "calendar.answer": ({ placementId, index, answer, comment }) => {
      const known = this.calendars.get(placementId);
      const waiting = { outboxId: 900 as OutboxId, undoUntil: this.now + 10_000 };
      const invitations = (known?.invitations ?? []).map((one, at) =>
        at === index ? { ...one, answer: { answer, comment, at: this.now, waiting, before: false } } : one,
      );
      this.calendars.set(placementId, { contacts: [], cards: 0, ...known, invitations });
      this.emit("mail.updated", { messageIds: [this.#letter(placementId).messageId], revision: this.#next() });
      return waiting;
    },
    "calendar.remember": () => ({}),
    "delivery.read": ({ placementId }) => this.deliveries.get(placementId) ?? { sent: null, report: null, receipt: null },
    "delivery.answer": ({ placementId }) => {
      const known = this.deliveries.get(placementId);
      if (known !== undefined) this.deliveries.set(placementId, { ...known, receipt: null });
      queueMicrotask(() => this.emit("mail.updated", { messageIds: [this.#letter(placementId).messageId], revision: 1 }));
      return {};
    },
    "safety.page": () => ({ items: [], total: 0 }),
    "mail.download": ({ placementIds }) => {
      for (const id of placementIds) {
        if (this.#letter(id).here) this.partsAsked.add(id);
        this.#letter(id).here = true;
      }
      queueMicrotask(() => this.emit("mail.updated", { messageIds: placementIds.map((id) => this.#letter(id).messageId), revision: 1 }));
      return {};
    },
    "mail.showPictures": ({ placementId }) => {
      this.#letter(placementId).remoteHosts = [];
      queueMicrotask(() => this.emit("mail.updated", { messageIds: [this.#letter(placementId).messageId], revision: 1 }));
      return {};
    },
    "mail.showOriginal": ({ placementId, on }) => {
      const { address } = this.#letter(placementId).from;
      const others = this.remembered.originals.filter((one) => one !== address);
      this.remembered = { ...this.remembered, originals: on ? [...others, address] : others };
      return {};
    },
    "preview.look": ({ placementId, part }) => {
      const name = this.#letter(placementId).parts.find((one) => one.part === part)?.name ?? "";
      if (name.endsWith(".eml")) return { preview: { kind: "message" }, danger: null };
      return this.looks.get(name) ?? { preview: { kind: "none", why: "unknown" }, danger: null };
    },
    "preview.thumbnail": ({ placementId, part }) => {
      const name = this.#letter(placementId).parts.find((one) => one.part === part)?.name ?? "";
      return { url: this.marks.has(name) ? `/mark/${encodeURIComponent(name)}` : null };
    },
    "attachments.page": ({ group, words }) => ({ rows: this.#files(group, words), next: null }),
    "compose.takesMail": ({ domain }) => ({ takes: this.withoutMail.has(domain) ? "no" : "unknown" }),
    "senders.list": () => ({ rules: this.senderRules }),
    "senders.judge": ({ scope, value, verdict }) => {
      const others = this.senderRules.filter((rule) => rule.scope !== scope || rule.value !== value);
      this.senderRules = verdict === null ? others : [...others, { scope, value: value.replace(/^@/u, ""), verdict }];
      return { rules: this.senderRules };
    },
    "remembered.list": () => this.remembered,
    "remembered.forget": (what) => {
      const { pictures, charsets, originals } = this.remembered;
      this.remembered = {
        pictures: pictures.filter(({ scope, value }) => what.kind !== "pictures" || scope !== what.scope || value !== what.value),
        charsets: charsets.filter(({ address }) => what.kind !== "charset" || address !== what.address),
        originals: originals.filter((address) => what.kind !== "original" || address !== what.address),
      };
      return this.remembered;
    },
    "mail.partUrl": ({ placementId, part }) => ({ url: `/part/${placementId}/${part}` }),
    "mail.openPart": () => ({ url: null }),
    "mail.saveParts": ({ parts }) => ({ kind: "saved", count: parts.length }),
    "search.run": ({ query }) => {
      const words = query.split(/\s+/u).filter((word) => word !== "" && !word.includes(":"));
      const marks = (text: string): [number, number][] =>
        words.flatMap((word) => (text.includes(word) ? [[text.indexOf(word), text.indexOf(word) + word.length] as [number, number]] : []));
      const found = this.letters
        .filter(
          (letter) => words.length > 0 && words.every((word) => `${letter.subject} ${letter.text} ${this.#namesOf(letter)}`.includes(word)),
        )
        .sort((a, b) => b.at - a.at);
      return {
        hits: found.map((letter) => ({
          row: row([letter], false),
          subjectMarks: marks(letter.subject),
          snippetMarks: marks(letter.text),
          inFile: words.some((word) => !`${letter.subject} ${letter.text}`.includes(word)),
        })),
        words,
        nextCursor: null,
        total: found.length,
        tookMs: 14,
        indexed: 41_206,
        toIndex: 0,
      };
    },
  };

  #namesOf({ parts }: Letter): string {
    return parts.map(({ name }) => name).join(" ");
  }

  #files(group: FileGroup | null, words: string): AttachmentRow[] {
    return this.letters
      .toSorted((a, b) => b.at - a.at)
      .flatMap((letter) =>
        letter.parts.map((part) => ({
          placementId: letter.placementId,
          conversationId: letter.conversationId,
          accountId: letter.accountId,
          folderId: letter.folderId,
          part,
          person: letter.from,
          outgoing: false,
          subject: letter.subject,
          receivedAt: letter.at,
        })),
      )
      .filter(({ part, subject }) => (group === null || fileGroup(part) === group) && `${part.name} ${subject}`.includes(words));
  }

  #listOf(id: PlacementId): MessageBody["list"] {
    const list = this.lists.get(id);
    return list === undefined ? null : { asked: list.asked };
  }

  #next(): number {
    this.#revision += 1;
    return this.#revision;
  }

  #letter(id: PlacementId): Letter {
    const found =
      this.letters.find((letter) => letter.placementId === id) ?? (id >= 1_000_000 ? deepLetter(id - 1_000_000, this.now) : undefined);
    if (found === undefined) throw new Failure("message-gone");
    return found;
  }

  #inConversation(id: ConversationId): Letter[] {
    if (id >= 1_000_000) return [deepLetter(id - 1_000_000, this.now)];
    return this.letters.filter((letter) => letter.conversationId === id).sort((a, b) => a.at - b.at);
  }

  #inView(view: ViewKey): Letter[] {
    if (view === "all:starred") return this.letters.filter((letter) => letter.flagged);
    const inboxes = view === "all:inbox" ? [10, 20] : [Number(view.slice("folder:".length))];
    return this.letters.filter((letter) => inboxes.includes(letter.folderId));
  }

  #total(folder: number): number {
    return folder === DEEP ? DEEP_ROWS : this.letters.filter((letter) => letter.folderId === folder).length;
  }

  #page({ view, grouped, filter, from, limit }: InputOf<"mail.page">): OutputOf<"mail.page"> {
    const deep = view === `folder:${DEEP}`;
    const rows = deep ? [] : this.#rows(view, grouped, filter);
    const total = deep ? DEEP_ROWS : rows.length;
    const rowAt = (rank: number): ListRow => (deep ? row([deepLetter(rank, this.now)], false) : (rows[rank] as ListRow));
    const rankOf = (key: RowKey): number =>
      deep
        ? key.id - 1_000_000
        : Math.max(
            0,
            rows.findIndex((one) => one.key.at < key.at || (one.key.at === key.at && one.key.id <= key.id)),
          );
    let start = 0;
    if (from.kind === "rank") start = from.rank;
    if (from.kind === "older") start = rankOf(from.than) + 1;
    if (from.kind === "newer") start = Math.max(0, rankOf(from.than) - limit);
    if (from.kind === "around") start = Math.max(0, rankOf(from.key) - Math.floor(limit / 2));
    const end = from.kind === "newer" ? rankOf(from.than) : Math.min(total, start + limit);
    return {
      rows: Array.from({ length: Math.max(0, end - start) }, (_, index) => rowAt(start + index)),
      total,
      rank: start,
      revision: this.#revision,
    };
  }

  #rows(view: ViewKey, grouped: boolean, filter: string): ListRow[] {
    const letters = this.#inView(view).sort((a, b) => a.at - b.at);
    const groups = new Map<number, Letter[]>();
    for (const letter of letters) {
      const key = grouped ? letter.conversationId : letter.placementId;
      groups.set(key, [...(groups.get(key) ?? []), letter]);
    }
    return [...groups.values()]
      .map((group) => row(group, grouped))
      .filter(
        (one) =>
          filter === "all" ||
          (filter === "unread" && one.unread > 0) ||
          (filter === "flagged" && one.flagged) ||
          (filter === "attachments" && one.hasAttachment),
      )
      .sort((a, b) => b.key.at - a.key.at || b.key.id - a.key.id);
  }
}

function row(letters: Letter[], grouped: boolean): ListRow {
  const newest = letters.at(-1) as Letter;
  const people = [...new Map(letters.map(({ from }) => [from.address, from])).values()];
  return {
    key: { at: newest.at, id: grouped ? newest.conversationId : newest.placementId },
    conversationId: newest.conversationId,
    placementId: newest.placementId,
    accountId: newest.accountId,
    count: letters.length,
    unread: letters.filter((letter) => !letter.seen).length,
    people,
    subject: grouped ? (letters[0] as Letter).subject : newest.subject,
    snippet: newest.text.slice(0, 160),
    flagged: letters.some((letter) => letter.flagged),
    answered: newest.answered,
    forwarded: false,
    delivery: "fine",
    hasAttachment: newest.parts.length > 0,
    here: newest.here,
    pending: false,
  };
}

function head(letter: Letter): MessageHead {
  return {
    placementId: letter.placementId,
    messageId: letter.messageId,
    accountId: letter.accountId,
    folderId: letter.folderId,
    from: [letter.from],
    to: letter.to,
    cc: [],
    bcc: [],
    replyTo: [],
    subject: letter.subject,
    sentAt: letter.at,
    receivedAt: letter.at,
    snippet: letter.text.slice(0, 160),
    seen: letter.seen,
    flagged: letter.flagged,
    answered: letter.answered,
    forwarded: false,
    junk: letter.junk,
    labels: [],
    hasAttachment: letter.parts.length > 0,
    here: letter.here,
    sizeBytes: letter.sizeBytes,
  };
}

function deepLetter(rank: number, now: number): Letter {
  const id = 1_000_000 + rank;
  return {
    placementId: id as never,
    messageId: id as never,
    conversationId: id as never,
    accountId: HARBOUR,
    folderId: DEEP,
    from: { name: `Sender ${rank % 977}`, address: `sender${rank % 977}@example.test` },
    to: [ME],
    subject: `Contract number ${rank}${rank % 5 === 0 ? " 合同与附件" : ""}`,
    at: now - rank * 2_400_000,
    text: `Paragraph ${rank} of the long folder: what was agreed, when, and by whom it was signed.`,
    html: null,
    lang: "en",
    seen: rank % 7 !== 0,
    flagged: rank % 31 === 0,
    answered: rank % 11 === 0,
    here: true,
    junk: false,
    parts: [],
    remoteHosts: [],
    sizeBytes: 9_000,
  };
}

function account(id: AccountSummary["id"], name: string, address: string): AccountSummary {
  const server = { port: 993, security: "tls" as const, user: address };
  return {
    id,
    name,
    address,
    settings: {
      protocol: "imap",
      incoming: { ...server, host: "imap.harbour.example" },
      outgoing: { ...server, host: "smtp.harbour.example", port: 465 },
    },
    identities: [{ id: id as never, accountId: id, name: ME.name, address, signature: "", isDefault: true }],
    paused: false,
    provider: null,
    furtherOutgoing: [],
    fallback: "none",
    offline: KEEP_EVERYTHING,
    keepAtMostMb: null,
  };
}
