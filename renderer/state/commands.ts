import type { FolderRow } from "../../shared/contract/folders.ts";
import { useAccounts } from "./accounts.ts";
import { act, deleteRows, toggleFlag, toggleJunk, undo } from "./act.ts";
import { goToAttachments } from "./all-attachments.ts";
import { startComposer } from "./composers.ts";
import { askAboutFolder, askToDelete } from "./folder-deeds.ts";
import { folderOf, useFolders } from "./folders.ts";
import { setWorkOffline, useHealth } from "./health.ts";
import { chordOf, isTyping, type Shortcut, shortcutText } from "./keys.ts";
import { useList } from "./list.ts";
import { lockNow } from "./lock.ts";
import { zoomMessage } from "./message-zoom.ts";
import { goHome, read } from "./open.ts";
import { printOpen } from "./print.ts";
import { currentMessage } from "./reader.ts";
import { goTo, useRoute } from "./route.ts";
import { closeSearch, openSearch, useSearch } from "./search.ts";
import {
  moveCursor,
  moveToUnread,
  onlyRow,
  rowAt,
  selectAllRows,
  selectNothing,
  selectOnly,
  toggleRow,
  useSelection,
} from "./selection.ts";
import { blockOpenSender } from "./senders.ts";
import { changeSettings, useSettings } from "./settings.ts";
import { setDrawer, setReading, showOver, useShell } from "./shell.ts";
import { readerEvents } from "./signals.ts";
import { showToast } from "./toasts.ts";
import { useView } from "./view.ts";

export const COMMAND_GROUPS = ["move", "act", "write", "find", "select", "look"] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

export type Command = {
  /** Also its word: `commands:ID`. */
  id: string;
  group: CommandGroup;
  /** The key it has unless Settings give it another. */
  key: Shortcut;
  /** More keys that do the same and are not shown. */
  also?: readonly Shortcut[];
  /** null: belongs to the composer, which listens for itself; listed so that it can be looked up and changed. */
  run: (() => void) | null;
  /** Works while something is typed as well. */
  whileTyping?: boolean;
  /** Works over an open dialog as well; everything else is about what lies beneath. */
  always?: boolean;
  /** Not offered in the palette: moving about by name makes no sense. */
  quiet?: boolean;
};

function hasLabels(): boolean {
  return useFolders.getState().folders.some(({ label }) => label !== null);
}

/** Everything that a key can do. The sheet of keys and the palette read this table. */
export const COMMANDS: readonly Command[] = [
  { id: "next", group: "move", key: "j", also: ["ArrowDown"], run: () => inList(() => moveCursor("next")), quiet: true },
  { id: "previous", group: "move", key: "k", also: ["ArrowUp"], run: () => inList(() => moveCursor("previous")), quiet: true },
  { id: "nextUnread", group: "move", key: "n", run: () => inList(() => moveToUnread(1)) },
  { id: "previousUnread", group: "move", key: "p", run: () => inList(() => moveToUnread(-1)) },
  { id: "open", group: "move", key: "Enter", also: ["o"], run: openCurrent, quiet: true },
  { id: "back", group: "move", key: "Escape", run: goBack, quiet: true },
  { id: "nextPane", group: "move", key: "F6", run: () => focusPane(1), whileTyping: true, quiet: true },
  { id: "goInbox", group: "move", key: "g i", run: goHome },
  { id: "goFolder", group: "move", key: "g f", run: () => showOver("go") },
  { id: "goOutbox", group: "move", key: "g o", run: () => goTo({ page: "outbox" }) },
  { id: "goDrafts", group: "move", key: "g d", run: () => goTo({ page: "drafts" }) },
  { id: "goAttachments", group: "move", key: "g a", run: () => goToAttachments() },
  { id: "goSafetyNet", group: "move", key: "g n", run: () => goTo({ page: "safety" }) },
  { id: "goHealth", group: "move", key: "g h", run: () => goTo({ page: "health" }) },
  { id: "goJournal", group: "move", key: "g j", run: () => goTo({ page: "journal" }) },

  { id: "archive", group: "act", key: "e", run: () => act({ kind: "archive" }) },
  { id: "delete", group: "act", key: "#", also: ["Delete", "Backspace"], run: () => deleteRows() },
  { id: "junk", group: "act", key: "!", run: () => toggleJunk() },
  { id: "blockSender", group: "act", key: "", run: () => blockOpenSender("sender") },
  { id: "blockDomain", group: "act", key: "", run: () => blockOpenSender("domain") },
  { id: "moveTo", group: "act", key: "v", run: () => showOver("move") },
  { id: "copyTo", group: "act", key: "y", run: () => showOver("copy") },
  // Only Gmail has labels; elsewhere the list of them would be empty.
  { id: "label", group: "act", key: "l", run: () => hasLabels() && showOver("label") },
  { id: "newFolder", group: "act", key: "", run: newFolder },
  { id: "renameFolder", group: "act", key: "", run: () => withShownFolder(({ id }) => askAboutFolder({ kind: "rename", folderId: id })) },
  { id: "moveFolder", group: "act", key: "", run: () => withShownFolder(({ id }) => askAboutFolder({ kind: "move", folderId: id })) },
  { id: "deleteFolder", group: "act", key: "", run: () => withShownFolder(({ id }) => askToDelete(id)) },
  { id: "star", group: "act", key: "s", run: () => toggleFlag("flagged") },
  { id: "toggleRead", group: "act", key: "u", run: () => toggleFlag("seen") },
  { id: "print", group: "act", key: "Mod+p", run: printOpen, whileTyping: true },
  { id: "undo", group: "act", key: "Mod+z", run: () => undo() },

  { id: "compose", group: "write", key: "c", run: () => startComposer({ kind: "new", accountId: null }) },
  { id: "reply", group: "write", key: "r", run: () => answer("reply") },
  { id: "replyAll", group: "write", key: "a", run: () => answer("reply-all") },
  { id: "forward", group: "write", key: "f", run: () => answer("forward") },
  { id: "send", group: "write", key: "Mod+Enter", run: null },
  { id: "attach", group: "write", key: "Mod+Shift+a", run: null },

  { id: "search", group: "find", key: "/", run: openSearch },
  { id: "palette", group: "find", key: "Mod+k", run: () => showOver("palette"), whileTyping: true, quiet: true },
  { id: "keys", group: "find", key: "?", run: () => showOver("keys") },
  { id: "settings", group: "find", key: "Mod+,", run: () => goTo({ page: "settings", section: null }), whileTyping: true },

  { id: "addToSelection", group: "select", key: "x", run: toggleCurrent, quiet: true },
  {
    id: "extendDown",
    group: "select",
    key: "Shift+j",
    also: ["Shift+ArrowDown"],
    run: () => inList(() => moveCursor("next", true)),
    quiet: true,
  },
  {
    id: "extendUp",
    group: "select",
    key: "Shift+k",
    also: ["Shift+ArrowUp"],
    run: () => inList(() => moveCursor("previous", true)),
    quiet: true,
  },
  { id: "selectAll", group: "select", key: "Mod+a", run: selectAllRows },

  { id: "originalColours", group: "look", key: "Shift+o", run: () => readerEvents.emit("originalColours") },
  {
    id: "zoomIn",
    group: "look",
    key: "Mod+=",
    also: ["Mod++", "Mod+Shift++", "Mod+Shift+="],
    run: () => zoomMessage(1),
    whileTyping: true,
  },
  { id: "zoomOut", group: "look", key: "Mod+-", also: ["Mod+Shift+_", "Mod+_"], run: () => zoomMessage(-1), whileTyping: true },
  { id: "zoomReset", group: "look", key: "Mod+0", run: () => zoomMessage(0), whileTyping: true },
  { id: "monospace", group: "look", key: "", run: () => toggleMonospace() },
  { id: "source", group: "look", key: "Mod+u", run: () => readerEvents.emit("source") },
  { id: "lock", group: "look", key: "Mod+Shift+l", run: () => void lockNow(), whileTyping: true, always: true },
  { id: "toggleSidebar", group: "look", key: "Mod+\\", run: toggleSidebar },
  { id: "workOffline", group: "look", key: "Mod+Shift+o", run: () => setWorkOffline(!(useHealth.getState().status?.workOffline ?? false)) },
];

function toggleMonospace(): void {
  changeSettings({ plainTextMonospace: !useSettings.getState().settings.plainTextMonospace });
}

/** In the account of the folder that is shown, else in the first. */
function newFolder(): void {
  const account = shownFolder()?.accountId ?? useAccounts.getState().accounts[0]?.id;
  if (account !== undefined) askAboutFolder({ kind: "new", accountId: account, parentId: null });
}

function shownFolder(): FolderRow | undefined {
  const { view } = useView.getState();
  return view === null ? undefined : folderOf(view);
}

/** The folder that is shown, when it can be placed anew; else it is said why not. */
function withShownFolder(work: (folder: FolderRow) => void): void {
  const folder = shownFolder();
  if (folder === undefined) showToast({ key: "folders:noneShown", icon: "info" });
  else if (folder.bars.place !== null) showToast({ key: `folders:bar.${folder.bars.place}`, icon: "info" });
  else work(folder);
}

/** The key of a command as the user has it. */
export function keyOf(command: Command): Shortcut {
  return useSettings.getState().settings.shortcuts[command.id] ?? command.key;
}

/** That key as it is printed in menus and tooltips; undefined where there is none. */
export function keyTextOf(id: string): string | undefined {
  const command = COMMANDS.find((one) => one.id === id);
  const key = command === undefined ? "" : keyOf(command);
  return key === "" ? undefined : shortcutText(key);
}

/** How long the second key of a sequence may take. */
const SEQUENCE_MS = 1_500;
let first = { chord: "", at: 0 };

/** Runs what the key stands for. Returns whether it was one. */
export function pressKey(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return false;
  const chord = chordOf(event);
  const typing = isTyping(event);
  const sequence = event.timeStamp - first.at < SEQUENCE_MS && first.chord !== "" ? `${first.chord} ${chord}` : chord;
  const covered = inDialog(event);
  const usable = COMMANDS.filter(
    (command) => command.run !== null && (!typing || command.whileTyping === true) && (!covered || command.always === true),
  );
  const found = usable.find((command) => answersTo(command, sequence)) ?? usable.find((command) => answersTo(command, chord));
  const begins = !typing && usable.some((command) => keyOf(command).startsWith(`${chord} `));
  first = begins && found === undefined ? { chord, at: event.timeStamp } : { chord: "", at: 0 };
  if (found === undefined || found.run === null) return begins;
  // A button or a menu answers Enter, Space and the arrows itself.
  if (inControl(event) && (chord === "Enter" || chord.startsWith("Arrow"))) return false;
  event.preventDefault();
  found.run();
  return true;
}

function answersTo(command: Command, chord: string): boolean {
  return keyOf(command) === chord || command.also?.includes(chord) === true;
}

/** Pressed in a dialog that covers the page. */
function inDialog(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof Element && target.closest(".veil") !== null;
}

function inControl(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return (
    target instanceof Element &&
    target.closest("button, a, [role='menu'], [role='tree'], [role='dialog'], [role='tablist'], [role='radiogroup']") !== null
  );
}

function answer(kind: "reply" | "reply-all" | "forward"): void {
  const message = currentMessage();
  if (message !== null) startComposer({ kind, placementId: message.placementId });
}

function openCurrent(): void {
  const row = onlyRow() ?? rowAt({ by: 0 });
  if (row === undefined || row === null) return;
  if (onlyRow() === null) selectOnly(row);
  read(row, true);
  if (useShell.getState().layout !== "one") focusPane(1);
}

function toggleCurrent(): void {
  const row = rowAt({ by: 0 });
  if (row !== undefined) toggleRow(row);
}

/** One step back: out of reading, out of the settings, out of several selected, out of the search, back to the list. */
function goBack(): void {
  const shell = useShell.getState();
  if (shell.drawer) {
    setDrawer(false);
    return;
  }
  if (shell.reading) {
    setReading(false);
    // Beside the list nothing was covered.
    if (shell.layout === "one") return;
  }
  const { route } = useRoute.getState();
  // Settings lie over the list. An account's own page is not left by a key: something may be half filled in.
  if (route.page === "settings" && !(route.section ?? "").includes("/")) {
    goTo({ page: "mail" });
    return;
  }
  if (useSelection.getState().rows.size > 1) {
    selectNothing();
    return;
  }
  if (useSearch.getState().open) {
    closeSearch();
    return;
  }
  const list = listGrid();
  if (list !== null && document.activeElement !== list) {
    list.focus();
    return;
  }
  if (useList.getState().source !== null) selectNothing();
}

function listGrid(): HTMLElement | null {
  return document.querySelector<HTMLElement>("[data-pane='list'] [role='grid']");
}

/** Keys that walk the list from elsewhere take the focus there: a ring around a folder would say that the next key is about the folder. */
function inList(walk: () => void): void {
  walk();
  listGrid()?.focus({ preventScroll: true });
}

const PANES = "[data-pane]";

/** Goes round the panes: folders, list, message. */
function focusPane(by: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>(PANES)];
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  const pane = panes[(here + by + panes.length) % panes.length];
  const inside = pane?.querySelector<HTMLElement>("[data-pane-focus]") ?? pane;
  inside?.focus();
}

function toggleSidebar(): void {
  const { layout, drawer } = useShell.getState();
  if (layout === "three") changeSettings({ sidebarHidden: !useSettings.getState().settings.sidebarHidden });
  else setDrawer(!drawer);
}
