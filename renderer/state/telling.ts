import i18next from "i18next";
import { create } from "zustand";
import type { ListRow } from "../../shared/contract/mail.ts";
import type { Settings } from "../../shared/contract/settings.ts";
import type { EventOf } from "../../shared/contract/table.ts";
import { client } from "../client/engine.ts";
import { askPermission, type Permission, permission, showNotification } from "../port/notifier.ts";
import { goHome } from "./open.ts";
import { openRow } from "./reader.ts";
import { useSession } from "./session.ts";
import { changeSettings, useSettings } from "./settings.ts";
import { setReading } from "./shell.ts";
import { useView } from "./view.ts";

/** Whether the browser lets anything be shown; it can change its mind while nobody looks. */
export const useTelling = create<{ permission: Permission }>(() => ({ permission: permission() }));

/** Tells by the system what happens while the window is not in front. */
export function startTelling(): void {
  client.on("tell.arrived", (arrived) => void tellArrived(arrived).catch(() => undefined));
  window.addEventListener("focus", () => useTelling.setState({ permission: permission() }));
}

/** Chooses what is told, in a click: the browser may have to ask first. */
export async function chooseTelling(tellNewMail: Settings["tellNewMail"]): Promise<void> {
  changeSettings({ tellNewMail });
  if (tellNewMail !== "off") useTelling.setState({ permission: await askPermission() });
}

/** Asks once more, where the setting is on and the browser was never asked. */
export async function allowTelling(): Promise<void> {
  useTelling.setState({ permission: await askPermission() });
}

/** Nobody looks at this window, and the user wants to hear of things. */
export function mayTell(): boolean {
  const inFront = document.visibilityState === "visible" && document.hasFocus();
  return !inFront && useSettings.getState().settings.tellNewMail !== "off" && permission() === "granted";
}

/** The last that was told: a doubled event is told once. */
let lastId = 0;

async function tellArrived({ id, placementIds, count }: EventOf<"tell.arrived">): Promise<void> {
  if (id <= lastId) return;
  lastId = id;
  if (!mayTell()) return;
  const tag = `mail-${id}`;
  // A locked engine names nothing.
  if (count === 0) {
    tell({ title: i18next.t("tell:some"), body: "" }, tag, () => undefined);
    return;
  }
  const numberOnly = { title: i18next.t("tell:count", { count }), body: "" };
  if (useSettings.getState().settings.tellNewMail === "number") {
    tell(numberOnly, tag, goHome);
    return;
  }
  const { messages } = await client.request("tell.read", { placementIds });
  const [first] = messages;
  if (count === 1 && first !== undefined) {
    tell(wordsOfOne(first), tag, () => openMessage(first));
    return;
  }
  const people = [...new Set(messages.map(nameOf))];
  tell({ ...numberOnly, body: people.join(i18next.t("tell:between")) }, tag, goHome);
}

type Words = { readonly title: string; readonly body: string };

function wordsOfOne(row: ListRow): Words {
  return { title: nameOf(row), body: row.subject === "" ? i18next.t("mail:noSubject") : row.subject };
}

function nameOf({ people: [sender] }: ListRow): string {
  return sender === undefined ? i18next.t("tell:nobody") : sender.name || sender.address;
}

/** What `tell.show` takes, at most. */
const MOST_TITLE = 300;
const MOST_BODY = 1000;

/** By the host where it can, else by the browser. */
export function tell(words: Words, tag: string, onClick: () => void): void {
  const title = words.title.slice(0, MOST_TITLE);
  const body = words.body.slice(0, MOST_BODY);
  if (useSession.getState().hello?.host !== "electron") {
    showNotification(title, body, tag, onClick);
    return;
  }
  client.request("tell.show", { title, body }).then(
    ({ clicked }) => {
      if (clicked) onClick();
    },
    // Nobody waits for it: what it told stands in the window.
    () => undefined,
  );
}

function openMessage(row: ListRow): void {
  goHome();
  openRow(row, useView.getState().view, false);
  setReading(true);
}
