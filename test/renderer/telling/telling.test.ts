// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import type { ListRow } from "../../../shared/contract/mail.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../../shared/contract/settings.ts";

type Shown = { title: string; body: string; click(): void };
const window_ = vi.hoisted(() => ({
  heard: new Map<string, (data: never) => void>(),
  asked: [] as { method: string; input: unknown }[],
  answers: new Map<string, unknown>([["mail.conversation", { subject: "Lunch", messages: [] }]]),
}));
vi.mock("../../../renderer/client/engine.ts", () => ({
  client: {
    request: (method: string, input: unknown) => {
      window_.asked.push({ method, input });
      return Promise.resolve(window_.answers.get(method) ?? {});
    },
    on: (name: string, listener: (data: never) => void) => void window_.heard.set(name, listener),
    onConnect: () => undefined,
    onDisconnect: () => undefined,
  },
}));

const shown: Shown[] = [];
class FakeNotification extends EventTarget {
  static permission: NotificationPermission = "granted";
  static answer: NotificationPermission = "granted";
  static requestPermission(): Promise<NotificationPermission> {
    FakeNotification.permission = FakeNotification.answer;
    return Promise.resolve(FakeNotification.answer);
  }
  constructor(title: string, { body }: { body: string }) {
    super();
    shown.push({ title, body, click: () => this.dispatchEvent(new Event("click")) });
  }
  close(): void {}
}
vi.stubGlobal("Notification", FakeNotification);
vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));

const { startLanguage, setLanguage } = await import("../../../renderer/i18n/setup.ts");
const { startTelling, chooseTelling, useTelling } = await import("../../../renderer/state/telling.ts");
const { startUnreadTitle } = await import("../../../renderer/state/unread-title.ts");
const { useSettings } = await import("../../../renderer/state/settings.ts");
const { useFolders } = await import("../../../renderer/state/folders.ts");
const { useLock } = await import("../../../renderer/state/lock.ts");
const { useReader } = await import("../../../renderer/state/reader.ts");
const { useRoute } = await import("../../../renderer/state/route.ts");
const { useSession } = await import("../../../renderer/state/session.ts");

await startLanguage("en");
startTelling();
startUnreadTitle();

let lastId = 0;
/** Mail comes, and everything that the window does about it is done. */
async function come(count: number, rows: readonly Partial<ListRow>[] = []): Promise<Shown[]> {
  const before = shown.length;
  window_.answers.set("tell.read", { messages: rows });
  lastId += 1;
  window_.heard.get("tell.arrived")?.({ id: lastId, placementIds: rows.map((_, at) => at + 1), count } as never);
  await new Promise((resolve) => setTimeout(resolve));
  return shown.slice(before);
}
const from = (name: string, subject = "Lunch"): Partial<ListRow> => ({
  conversationId: 7 as never,
  placementId: 8 as never,
  people: [{ name, address: `${name}@example.test` }],
  subject,
});
const set = (settings: Partial<Settings>): void => useSettings.setState({ settings: { ...DEFAULT_SETTINGS, ...settings }, loaded: true });
const hello = (host: "electron" | "loopback"): void =>
  useSession.setState({ connected: true, hello: { version: "1", host, platform: "linux", language: "en", engineRun: "r" } });

beforeEach(async () => {
  vi.spyOn(document, "hasFocus").mockReturnValue(false);
  FakeNotification.permission = "granted";
  window_.asked.length = 0;
  hello("loopback");
  set({});
  await setLanguage("en");
});

test("one message is told by sender and subject, and a click opens it", async () => {
  const [one, ...others] = await come(1, [from("Ada")]);
  expect([one, others]).toMatchObject([{ title: "Ada", body: "Lunch" }, []]);
  useRoute.setState({ route: { page: "health" } });
  one?.click();
  expect(useRoute.getState().route).toEqual({ page: "mail" });
  expect(useReader.getState().opened).toMatchObject({ conversationId: 7, placementId: 8 });
});

test("several are a number with the first senders, each once, in the window's language", async () => {
  const three = [from("Ada"), from("Ben"), from("Ada")];
  expect(await come(7, three)).toMatchObject([{ title: "7 new messages", body: "Ada, Ben" }]);
  await setLanguage("zh-CN");
  expect(await come(7, three)).toMatchObject([{ title: "7 封新邮件", body: "Ada、Ben" }]);
});

test("only how much: nothing of the mail is asked for", async () => {
  set({ tellNewMail: "number" });
  expect(await come(1, [from("Ada")])).toMatchObject([{ title: "1 new message", body: "" }]);
  expect(window_.asked).toEqual([]);
});

test("nothing is told when it is off, the window is in front, the browser refuses, or it was told before", async () => {
  set({ tellNewMail: "off" });
  expect(await come(1, [from("Ada")])).toEqual([]);
  set({});
  vi.mocked(document.hasFocus).mockReturnValue(true);
  expect(await come(1, [from("Ada")])).toEqual([]);
  vi.mocked(document.hasFocus).mockReturnValue(false);
  FakeNotification.permission = "denied";
  expect(await come(1, [from("Ada")])).toEqual([]);
  FakeNotification.permission = "granted";
  lastId -= 1;
  expect(await come(1, [from("Ada")])).toEqual([]);
});

test("a locked engine is told as new mail without a word of it", async () => {
  expect(await come(0)).toMatchObject([{ title: "New mail", body: "" }]);
  expect(window_.asked).toEqual([]);
});

test("the browser is asked in the click on the setting, and its no is known", async () => {
  FakeNotification.permission = "default";
  FakeNotification.answer = "denied";
  await chooseTelling("off");
  expect(FakeNotification.permission).toBe("default");
  await chooseTelling("words");
  expect(useTelling.getState().permission).toBe("denied");
});

test("in Electron the host shows it, and its click opens the inbox", async () => {
  hello("electron");
  window_.answers.set("tell.show", { shown: true, clicked: true });
  useRoute.setState({ route: { page: "health" } });
  expect(await come(2, [from("Ada"), from("Ben")])).toEqual([]);
  expect(window_.asked).toContainEqual({ method: "tell.show", input: { title: "2 new messages", body: "Ada, Ben" } });
  await vi.waitFor(() => expect(useRoute.getState().route).toEqual({ page: "mail" }));
});

test("what waits for the user is told by the system as well, by the sentence of its toast, and by none of its words where only numbers are wanted", async () => {
  const { startNotices } = await import("../../../renderer/state/notices.ts");
  startNotices();
  const notice = async (id: number, code: string): Promise<Shown[]> => {
    const before = shown.length;
    window_.answers.set("health.notices", { notices: [{ id, at: 0, code, params: { subject: "Rent" }, failure: null }] });
    window_.heard.get("health.noticed")?.({ id } as never);
    await new Promise((resolve) => setTimeout(resolve));
    return shown.slice(before);
  };
  expect(await notice(1, "message-held")).toMatchObject([{ title: "“Rent” waits for you in the outbox" }]);
  shown.at(-1)?.click();
  expect(useRoute.getState().route).toEqual({ page: "outbox", only: "needsYou" });
  expect(await notice(2, "message-sent")).toEqual([]);
  set({ tellNewMail: "number" });
  expect(await notice(3, "message-held")).toMatchObject([{ title: "Something in Satchel waits for you" }]);
});

test("unread mail of all inboxes is counted in the title and at the program's picture, and not while it is locked", () => {
  hello("electron");
  const folder = (role: string, unread: number) => ({ role, unread });
  useFolders.setState({ folders: [folder("inbox", 2), folder("inbox", 1), folder("none", 9)] as never });
  expect(document.title).toBe("(3) Satchel");
  useLock.setState({ locked: true });
  expect(document.title).toBe("Satchel");
  useLock.setState({ locked: false });
  const badges = window_.asked.flatMap(({ method, input }) => (method === "tell.badge" ? [input] : []));
  expect(badges.slice(-3)).toEqual([{ count: 3 }, { count: 0 }, { count: 3 }]);
});
