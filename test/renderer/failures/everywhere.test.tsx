// @vitest-environment jsdom
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import i18next from "i18next";
import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { failureParts, failureText } from "../../../renderer/i18n/failure-text.ts";
import { setLanguage, startLanguage } from "../../../renderer/i18n/setup.ts";
import { useAccounts } from "../../../renderer/state/accounts.ts";
import { useFolders } from "../../../renderer/state/folders.ts";
import { useHealth } from "../../../renderer/state/health.ts";
import { useReader } from "../../../renderer/state/reader.ts";
import { showToast } from "../../../renderer/state/toasts.ts";
import { TestLine } from "../../../renderer/ui/accounts/test-line.tsx";
import { AccountCards } from "../../../renderer/ui/health/account-cards.tsx";
import { Stopped } from "../../../renderer/ui/list/stopped.tsx";
import { OutboxCard } from "../../../renderer/ui/outbox/outbox-card.tsx";
import { ServerBanners } from "../../../renderer/ui/outbox/server-banners.tsx";
import { FailureNote } from "../../../renderer/ui/parts/failure-note.tsx";
import { Conversations } from "../../../renderer/ui/reader/conversations.tsx";
import { NotHere, Unreadable } from "../../../renderer/ui/reader/not-here.tsx";
import { Trouble } from "../../../renderer/ui/settings/account-detail.tsx";
import { Ready } from "../../../renderer/ui/shell/ready.tsx";
import { ToastPlace } from "../../../renderer/ui/shell/toast-place.tsx";
import type { Mend } from "../../../shared/answers/answer.ts";
import { KNOWN_ANSWERS, mendOf } from "../../../shared/answers/table.ts";
import type { HealthStatus } from "../../../shared/contract/health.ts";
import type { MessageHead } from "../../../shared/contract/mail.ts";
import type { AccountVitals } from "../../../shared/contract/vitals.ts";
import { ALL_CODES, Failure, type FailureData } from "../../../shared/failure.ts";
import { asFailureOf } from "../../answers/as-failure.ts";
import { EXAMPLES } from "../../answers/examples.ts";
import { FakeEngine } from "../../support/fake-engine/engine.ts";
import { HARBOUR } from "../../support/fake-engine/mailbox.ts";
import { outboxItem } from "../../support/fake-engine/outbox-items.ts";

// Nothing is asked of an engine here: what the places show is handed to them.
vi.mock("../../../renderer/client/engine.ts", () => ({
  client: { request: () => new Promise(() => undefined), on: () => () => undefined, onConnect: () => () => undefined },
}));

const NOW = Date.UTC(2026, 10, 27, 9);
const WORDS = "NO [QUUX] as the server has it";
/** What every adapter gives along; the clock's and the PIN's minutes come with their own codes. */
const IDLE_SERVER = { wait: null, messagesAMinute: null, acceptedLastMinute: 0, acceptedLastDay: 0 } as const;

const PARAMS = {
  host: "imap.harbour.example",
  port: 993,
  proxy: "proxy.harbour.example:1080",
  address: "ana@harbour.example",
  minutes: 11,
  count: 3,
  most: 500,
  limitBytes: 35_651_584,
  name: "a/b",
  folder: "Rechnungen",
  organisation: "Harbour",
  base: "ou=people,dc=harbour,dc=example",
};
const engine = new FakeEngine(NOW);

function health(change: Partial<HealthStatus["accounts"][number]>, outbox: Partial<HealthStatus["outbox"]> = {}): void {
  const { health: status } = engine;
  useHealth.setState({
    status: {
      ...status,
      accounts: status.accounts.filter(({ accountId }) => accountId === HARBOUR).map((one) => ({ ...one, ...change })),
      outbox: { ...status.outbox, ...outbox },
    },
  });
}

const message = { placementId: 1, messageId: 1, accountId: HARBOUR, sizeBytes: 9_000 } as unknown as MessageHead;

type Place = {
  readonly name: string;
  readonly show: (failure: FailureData) => ReactNode;
  /** It has nobody's account before it, so that only what needs none can be offered. */
  readonly accountless?: boolean;
  /** A message can be edited there. */
  readonly edits?: boolean;
};

const PLACES: readonly Place[] = [
  {
    name: "the account, above the list",
    show: (failure) => {
      health({ state: "stopped", failure });
      return <Stopped />;
    },
  },
  {
    name: "the account, in the settings",
    show: (failure) => {
      health({ state: "stopped", failure });
      return <Trouble accountId={HARBOUR} />;
    },
  },
  {
    name: "the account, on the page of health",
    show: (failure) => {
      health({ state: "offline", failure });
      const learnt = { connections: null, loginsAMinute: null, bytesADay: null, at: 0 };
      const vitals = { accountId: HARBOUR, syncedAt: null, waiting: 0, learnt, today: { lagMs: 0, bytes: 0, connected: 0, failed: 0 } };
      return <AccountCards accounts={[vitals as unknown as AccountVitals]} now={NOW} />;
    },
  },
  {
    name: "synchronisation, in what is on this computer",
    show: (failure) => {
      health({ state: "offline", failure });
      return <Ready />;
    },
  },
  {
    name: "synchronisation, as it is told when it happens",
    show: (failure) => {
      showToast({ key: "failure:title", failure, accountId: HARBOUR, icon: "failure", lastsMs: null });
      return <ToastPlace />;
    },
  },
  {
    name: "the outbox, a message that is held",
    edits: true,
    show: (failure) => <OutboxCard item={outboxItem(1, NOW, { state: "held", failure })} now={NOW} offline={false} turn={0} />,
  },
  {
    name: "the outbox, a message that is tried again later",
    show: (failure) => (
      <OutboxCard
        item={outboxItem(1, NOW, { state: "queued", attempts: 2, nextTryAt: NOW + 60_000, failure })}
        now={NOW}
        offline={false}
        turn={0}
      />
    ),
  },
  {
    name: "the outbox, a copy that Sent does not take",
    show: (failure) => (
      <OutboxCard
        item={outboxItem(1, NOW, { state: "accepted", acceptedAt: NOW, filingFailure: failure })}
        now={NOW}
        offline={false}
        turn={0}
      />
    ),
  },
  {
    name: "the outbox, a server that cannot be had",
    show: (failure) => {
      const down = { accountId: HARBOUR, server: "smtp.harbour.example:465", breaker: "open" as const, tryAt: NOW + 60_000 };
      health({}, { servers: [{ ...down, failure, stopped: null, ...IDLE_SERVER }] });
      return <ServerBanners now={NOW} waiting={new Map([[HARBOUR, 2]])} />;
    },
  },
  {
    name: "the outbox, a server over which nothing goes until the user has done something",
    show: (failure) => {
      const closed = { accountId: HARBOUR, server: "smtp.harbour.example:465", breaker: "closed" as const, tryAt: null, failure: null };
      health({}, { servers: [{ ...closed, stopped: failure, ...IDLE_SERVER }] });
      return <ServerBanners now={NOW} waiting={new Map([[HARBOUR, 2]])} />;
    },
  },
  {
    name: "the reader, a message that is not here",
    show: (failure) => {
      health({ state: "offline", failure });
      return <NotHere message={message} state={{ kind: "missing", offline: true, trouble: null }} />;
    },
  },
  { name: "the reader, a message that cannot be read", show: (failure) => <Unreadable failure={failure} message={message} /> },
  {
    name: "the reader, a conversation that does not open",
    accountless: true,
    show: (failure) => {
      const opened = { conversationId: 1 as never, placementId: 1 as never, view: null, single: false };
      useReader.setState({ opened, failure, messages: null });
      return (
        <Conversations covered={false} onTarget={() => undefined}>
          {null}
        </Conversations>
      );
    },
  },
];

/** Of these nothing can be done without knowing whose account it is. */
const OF_AN_ACCOUNT: ReadonlySet<Mend> = new Set<Mend>([
  "enter-password",
  "enter-app-password",
  "enter-code",
  "sign-in",
  "change-servers",
  "change-proxy",
  "find-way",
  "set-clock",
  "look-closer",
  "make-room",
]);

/** The buttons that a failure has by the table, in the language of the window. */
function buttonsOf(failure: FailureData, { accountless = false, edits = false }: Place): string[] {
  const known = mendOf(failure);
  if (known === null) return [];
  const { mend, page } = known;
  const done = mend !== "open-page" && (mend !== "edit-message" || edits) && !(accountless && OF_AN_ACCOUNT.has(mend));
  return [
    ...(mend === "set-clock" ? [i18next.t("mends:openClock")] : []),
    ...(done ? [i18next.t(`mends:${mend}`)] : []),
    ...(page === null ? [] : [i18next.t(mend === "open-page" ? "mends:open-page" : "mends:howTo")]),
  ];
}

let root: Root;
let host: HTMLElement;

beforeAll(async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  await startLanguage("en");
  await setLanguage("zh-CN");
  useAccounts.setState({ accounts: engine.accounts, loaded: true });
  const trash = { id: 14, accountId: HARBOUR, role: "trash" };
  useFolders.setState({ folders: [trash] as never });
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});
afterAll(() => act(() => root.unmount()));

function shown(show: () => ReactNode): { text: string; buttons: string[] } {
  act(() => root.render(show()));
  const buttons = [...host.querySelectorAll("button")].map((button) => button.textContent ?? "");
  return { text: (host.textContent ?? "").replaceAll(/\s+/gu, " "), buttons };
}

const failureOf = (code: FailureData["code"]): FailureData => new Failure(code, { params: PARAMS, serverWords: WORDS }).data();
const told = (text: string): string => text.replaceAll(/\s+/gu, " ");

for (const language of ["en", "zh-CN"] as const) {
  test.each(PLACES.map((place) => [place.name, place] as const))(`${language}: %s`, async (_name, place) => {
    await act(() => setLanguage(language));
    for (const code of ALL_CODES) {
      // What waits for an answer only because of its time has a card of its own, and so has what a spare copy brought back.
      if (place.edits === true && code === "send-late") continue;
      const failure = failureOf(code);
      const { text, buttons } = shown(() => place.show(failure));
      const { head: cause, text: more } = failureParts(failure);
      expect(text, code).toContain(told(cause));
      expect(text, code).toContain(told(more));
      expect(text, code).toContain(WORDS);
      expect(text, code).not.toMatch(/\{\{|\bundefined\b|\bNaN\b/u);
      expect(buttons, code).toEqual(expect.arrayContaining(buttonsOf(failure, place)));
      // Never the bare code, and no sentence in the other language.
      expect(text, code).not.toContain(`failure:${code}`);
    }
  });

  test(`${language}: the check of an account says the same sentence with the server's words`, async () => {
    await act(() => setLanguage(language));
    for (const code of ALL_CODES) {
      const failure = failureOf(code);
      const step = { side: "incoming", stage: "login", state: "failed", detail: "", tookMs: 4, failure, waitsFor: null } as const;
      const { text } = shown(() => <TestLine step={step} server={undefined} over />);
      const { head: cause, text: more } = failureParts(failure);
      expect(text, code).toContain(told(cause));
      expect(text, code).toContain(told(more));
      expect(text, code).toContain(WORDS);
    }
  });

  test(`${language}: every known answer is told with its button`, async () => {
    await act(() => setLanguage(language));
    const place: Place = { name: "", show: (failure) => <FailureNote failure={failure} accountId={HARBOUR} /> };
    for (const { id } of KNOWN_ANSWERS) {
      const failure = asFailureOf(EXAMPLES[id]).data();
      const { text, buttons } = shown(() => place.show(failure));
      expect(text, id).toContain(told(failureText(failure)));
      expect(buttons, id).toEqual(buttonsOf(failure, place));
    }
  });
}

test("a queued message names its reason also where the server said nothing", async () => {
  await act(() => setLanguage("en"));
  const failure = new Failure("timed-out", { params: { host: "smtp.harbour.example", port: 465, at: "greeting" } }).data();
  const item = outboxItem(1, NOW, { state: "queued", attempts: 1, nextTryAt: NOW + 60_000, failure });
  const { text } = shown(() => <OutboxCard item={item} now={NOW} offline={false} turn={0} />);
  expect(text).toContain(failureText(failure));
});

/** Those say a failure at a field or in a line of their own, where no button fits; they use the same sentences. */
const BESIDE_A_FIELD = [
  "accounts/address-form.tsx",
  "accounts/certificate-dialog.tsx",
  "accounts/unlock-form.tsx",
  "accounts/vault-step.tsx",
  "bulk/bulk-page.tsx",
  "compose/attachment-list.tsx",
  "compose/composer-notices.tsx",
  "compose/composer-window.tsx",
  "compose/drafts-page.tsx",
  "folders/move-dialog.tsx",
  "folders/name-dialog.tsx",
  // What was: the account's card on the same page has what is, with its button.
  "health/round.tsx",
  "list/list-pane.tsx",
  "lock/pin-form.tsx",
  "outbox/bulk-cards.tsx",
  "outbox/outbox-history.tsx",
  "outbox/outbox-page.tsx",
  "parts/list-or-state.tsx",
  "search/search-page.tsx",
  "settings/directory-card.tsx",
  "settings/line-security.tsx",
  "settings/offline-section.tsx",
  // Steps of the wizard, which are the way on themselves.
  "accounts/client-step.tsx",
  "accounts/first-run.tsx",
  "accounts/names-step.tsx",
  "accounts/sign-in-step.tsx",
  "accounts/test-line.tsx",
  "accounts/test-step.tsx",
  "settings/outgoing-form.tsx",
  "settings/senders-card.tsx",
];

test("whoever else tells a failure has the button with it", () => {
  const folder = join(import.meta.dirname, "../../../renderer/ui");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));
  const telling = files.filter((name) => /\bfailure(?:Text|Parts)\(/u.test(readFileSync(join(folder, name), "utf8")));
  const without = telling.filter((name) => !/<MendButtons\b/u.test(readFileSync(join(folder, name), "utf8")));
  expect(without.sort()).toEqual([...BESIDE_A_FIELD].sort());
});
