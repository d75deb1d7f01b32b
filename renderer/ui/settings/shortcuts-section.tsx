import { RotateCcw } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { COMMAND_GROUPS, COMMANDS, type Command } from "../../state/commands.ts";
import { chordOf, shortcutText } from "../../state/keys.ts";
import { useSettings } from "../../state/settings.ts";
import { commandInTheWay, isReserved, resetShortcuts, setShortcut, shortcutOf } from "../../state/settings-page.ts";
import { Button } from "../parts/button.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { Keys } from "../parts/keys.tsx";

/** Every key and what it does; each can be given another one. */
export function ShortcutsSection(): ReactNode {
  const { t } = useTranslation("settings");
  const words = useTranslation("commands").t;
  const changed = useSettings((state) => Object.keys(state.settings.shortcuts).length > 0);
  return (
    <>
      <div className="row shortcuts-head">
        <p className="muted grow">{t("shortcuts.hint")}</p>
        {changed && <Button onPress={resetShortcuts}>{t("shortcuts.resetAll")}</Button>}
      </div>
      {COMMAND_GROUPS.map((group) => (
        <section key={group} aria-label={words(`group.${group}`)}>
          <h2 className="section-title">{words(`group.${group}`)}</h2>
          <ul className="setcard">
            {COMMANDS.filter((command) => command.group === group).map((command) => (
              <ShortcutRow key={command.id} command={command} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

type Pressed = { chord: string; inTheWay: Command | null; reserved: boolean };

function ShortcutRow({ command }: { command: Command }): ReactNode {
  const { t } = useTranslation("settings");
  const words = useTranslation("commands").t;
  const settings = useSettings((state) => state.settings);
  const [recording, setRecording] = useState(false);
  const [pressed, setPressed] = useState<Pressed | null>(null);
  const key = shortcutOf(command, settings);
  const name = words(command.id as "next");
  const record = (event: KeyboardEvent): void => {
    if (!recording || event.nativeEvent.isComposing || ["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    setRecording(false);
    if (event.key === "Escape") return;
    const chord = chordOf(event.nativeEvent);
    const inTheWay = commandInTheWay(chord, command, settings);
    const reserved = isReserved(chord);
    if (reserved || inTheWay !== null) setPressed({ chord, inTheWay, reserved });
    else setShortcut(command, chord, null);
  };
  return (
    <li className="setrow shortcut-row">
      <span className="grow">{name}</span>
      {key !== command.key && (
        <IconButton
          icon={RotateCcw}
          iconSize={16}
          className="small"
          label={t("shortcuts.resetOf", { command: name, key: shortcutText(command.key) })}
          onPress={() => setShortcut(command, command.key, commandInTheWay(command.key, command, settings))}
        />
      )}
      <button
        type="button"
        className={recording ? "shortcut-key recording" : "shortcut-key"}
        onClick={() => {
          setPressed(null);
          setRecording(!recording);
        }}
        onKeyDownCapture={record}
        onBlur={() => setRecording(false)}
      >
        {recording ? (
          t("shortcuts.press")
        ) : (
          <>
            <span className="hidden">{t("shortcuts.change", { command: name })} </span>
            <Keys of={key} />
          </>
        )}
      </button>
      {pressed !== null && (
        <div className="shortcut-conflict" role="alert">
          <span className="grow">
            {pressed.reserved
              ? t("shortcuts.reserved", { key: shortcutText(pressed.chord) })
              : t("shortcuts.conflict", { key: shortcutText(pressed.chord), command: words((pressed.inTheWay?.id ?? "next") as "next") })}
          </span>
          {!pressed.reserved && (
            <Button
              size="small"
              onPress={() => {
                setShortcut(command, pressed.chord, pressed.inTheWay);
                setPressed(null);
              }}
            >
              {t("shortcuts.replace")}
            </Button>
          )}
          <Button size="small" look="plain" autoFocus onPress={() => setPressed(null)}>
            {t("shortcuts.keep")}
          </Button>
        </div>
      )}
    </li>
  );
}
