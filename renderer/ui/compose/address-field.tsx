import { TriangleAlert } from "lucide-react";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { type Address, looksLikeAddress } from "../../../shared/address.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { addRecipients, type Doubt, parseRecipients, writeRecipient } from "../../state/recipients.ts";
import { Avatar } from "../parts/avatar.tsx";
import { Icon } from "../parts/icon.tsx";
import { Suggestions } from "./suggestions.tsx";
import { useSuggestions } from "./use-suggestions.ts";

/** What the rows ask of a field. */
export type AddressFieldHandle = {
  focus(): void;
  /** One of its people goes back into the field as text. */
  typeAnew(person: Address): void;
};

type Props = {
  label: string;
  people: readonly Address[];
  doubtOf(person: Address): Doubt | null;
  onChange(people: Address[]): void;
  autoFocus: boolean;
  /** Takes the focus: Send has found it empty. */
  demand: boolean;
  ref?: Ref<AddressFieldHandle>;
  end: ReactNode;
};

/** A row of people: typed, completed from those known, or pasted by the hundred. */
export function AddressField({ label, people, doubtOf, onChange, autoFocus, demand, ref, end }: Props): ReactNode {
  const { t } = useTranslation("compose");
  const [text, setText] = useState("");
  const { found, unavailable, active, setActive, close } = useSuggestions(text, people);
  const input = useRef<HTMLInputElement>(null);
  const tokens = useRef<HTMLUListElement>(null);
  const listId = useId();
  const ofDirectory = found.filter(({ fromDirectory }) => fromDirectory === true).length;
  const known = found.length - ofDirectory;
  useEffect(() => {
    if (autoFocus || demand) input.current?.focus();
  }, [autoFocus, demand]);

  const typeAnew = (person: Address): void => {
    onChange(people.filter((one) => one !== person));
    setText(writeRecipient(person));
    input.current?.focus();
  };
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus(), typeAnew }));

  const add = (more: readonly Address[]): void => {
    // Where somebody was found is nothing of the message's.
    if (more.length > 0)
      onChange(
        addRecipients(
          people,
          more.map(({ name, address }) => ({ name, address })),
        ),
      );
    setText("");
    close();
  };
  const commit = (): void => add(parseRecipients(text));
  const removeAt = (at: number): void => {
    onChange(people.filter((_, index) => index !== at));
    // The next token, or the field, takes the focus that would fall to the page.
    requestAnimationFrame(() => {
      const left = tokens.current?.querySelectorAll<HTMLElement>("button.token");
      (left?.[Math.min(at, (left.length ?? 1) - 1)] ?? input.current)?.focus();
    });
  };
  const focusToken = (at: number): void => {
    const all = tokens.current?.querySelectorAll<HTMLElement>("button.token");
    (at >= (all?.length ?? 0) ? input.current : all?.[Math.max(0, at)])?.focus();
  };

  const typed = (value: string, composing: boolean): void => {
    // A separator ends a person; an input method may bring a full-width one, but not in the middle of composing.
    if (!composing && /[;,，；、]/u.test(value) && !/^[^"]*"[^"]*$/u.test(value)) {
      const cut = Math.max(...[...";,，；、"].map((mark) => value.lastIndexOf(mark)));
      const ready = parseRecipients(value.slice(0, cut));
      if (ready.length > 0) onChange(addRecipients(people, ready));
      setText(value.slice(cut + 1).trimStart());
      return;
    }
    setText(value);
  };

  const keys = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey) {
      // On its way to Send: what is typed but not closed belongs to the message.
      if (event.key === "Enter") commit();
      return;
    }
    const chosen = found[active];
    const at = event.currentTarget.selectionStart === 0 && event.currentTarget.selectionEnd === 0;
    const done = (): void => {
      event.preventDefault();
      event.stopPropagation();
    };
    if ((event.key === "Enter" || event.key === "Tab") && chosen !== undefined) {
      done();
      add([chosen]);
    } else if (event.key === "Enter" || (event.key === "Tab" && text.trim() !== "")) {
      if (event.key === "Enter" || !event.shiftKey) done();
      commit();
    } else if (event.key === " " && looksLikeAddress(text.trim())) {
      done();
      commit();
    } else if (event.key === "Escape" && found.length > 0) {
      done();
      close();
    } else if (event.key === "ArrowDown" && found.length > 0) {
      done();
      setActive((active + 1) % found.length);
    } else if (event.key === "ArrowUp" && found.length > 0) {
      done();
      setActive((active + found.length - 1) % found.length);
    } else if ((event.key === "Backspace" || event.key === "ArrowLeft") && at && people.length > 0) {
      done();
      focusToken(people.length - 1);
    }
  };

  const paste = (event: ClipboardEvent<HTMLInputElement>): void => {
    const pasted = event.clipboardData.getData("text/plain");
    const several = parseRecipients(pasted);
    if (several.length < 2 && !several.some((person) => looksLikeAddress(person.address))) return;
    event.preventDefault();
    add(parseRecipients(`${text}${pasted}`));
  };

  return (
    <div className="crow">
      <span className="crow-label" aria-hidden="true">
        {label}
      </span>
      {/* A click beside the tokens means the field, as in any text box. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only widens the target of the field inside */}
      <div
        className="crow-people"
        onMouseDown={(event) => {
          if (event.target !== event.currentTarget) return;
          event.preventDefault();
          input.current?.focus();
        }}
      >
        <ul ref={tokens} aria-label={t("people", { field: label, count: people.length })}>
          {people.map((person, at) => (
            <Token
              key={person.address}
              person={person}
              doubt={doubtOf(person)}
              onRemove={() => removeAt(at)}
              onEdit={() => typeAnew(person)}
              onGo={(step) => focusToken(at + step)}
            />
          ))}
        </ul>
        <input
          ref={input}
          className="address-input"
          role="combobox"
          aria-label={label}
          aria-autocomplete="list"
          aria-expanded={found.length > 0}
          aria-controls={listId}
          aria-activedescendant={found.length > 0 && active >= 0 ? `${listId}-${active}` : undefined}
          autoComplete="off"
          spellCheck={false}
          value={text}
          lang={langOf(text)}
          onChange={(event) => typed(event.target.value, (event.nativeEvent as InputEvent).isComposing)}
          onCompositionEnd={(event) => typed(event.currentTarget.value, false)}
          onKeyDown={keys}
          onPaste={paste}
          onBlur={commit}
        />
        <Suggestions
          id={listId}
          label={ofDirectory > 0 ? t("directory:people") : t("known")}
          typed={text}
          people={found}
          unavailable={unavailable}
          active={active}
          onChoose={(person) => add([person])}
        />
        <span className="hidden" role="status">
          {[known > 0 && t("suggestions", { count: known }), ofDirectory > 0 && t("directory:found", { count: ofDirectory })]
            .filter((words) => words !== false)
            .join(t("mail:comma"))}
        </span>
      </div>
      {end !== false && <span className="crow-end">{end}</span>}
    </div>
  );
}

function Token({
  person,
  doubt,
  onRemove,
  onEdit,
  onGo,
}: {
  person: Address;
  doubt: Doubt | null;
  onRemove(): void;
  onEdit(): void;
  onGo(step: number): void;
}): ReactNode {
  const { t } = useTranslation("compose");
  const shown = person.name || person.address;
  // What the eye gets from the colour and the tooltip.
  const rest = [person.name !== "" && person.address, doubt !== null && t("doubt.mark")].filter(Boolean).join(", ");
  return (
    <li>
      <button
        type="button"
        tabIndex={-1}
        className={doubt === null ? "token" : "token doubtful"}
        aria-description={t("tokenHint")}
        title={person.name === "" ? undefined : person.address}
        onDoubleClick={onEdit}
        onKeyDown={(event) => {
          if (event.key === "Backspace" || event.key === "Delete") onRemove();
          else if (event.key === "Enter") onEdit();
          else if (event.key === "ArrowLeft") onGo(-1);
          else if (event.key === "ArrowRight") onGo(1);
          else return;
          if (event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onCopy={(event) => {
          event.preventDefault();
          event.clipboardData.setData("text/plain", writeRecipient(person));
        }}
      >
        {doubt === null ? <Avatar of={person} small letters={1} /> : <Icon of={TriangleAlert} size={14} />}
        <span lang={langOf(shown)}>{shown}</span>
        {rest !== "" && <span className="hidden">, {rest}</span>}
      </button>
    </li>
  );
}
