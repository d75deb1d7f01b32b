import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { InputOf } from "../../../shared/contract/table.ts";
import { followRemembered, forgetRemembered, useRemembered } from "../../state/remembered.ts";
import { IconButton } from "../parts/icon-button.tsx";

type Entry = { key: string; name: string; note: string; label: string; what: InputOf<"remembered.forget"> };

/** What messages offered to remember of their senders, each with a way to take it back. */
export function RememberedCard(): ReactNode {
  const { t } = useTranslation("remembered");
  const known = useRemembered((state) => state.known);
  useEffect(followRemembered, []);
  if (known === null) return null;
  const pictures = known.pictures.map(
    ({ scope, value }): Entry => ({
      key: `${scope} ${value}`,
      name: scope === "domain" ? `@${value}` : value,
      note: t(scope === "domain" ? "wholeDomain" : "oneSender"),
      label: t("picturesBack", { value }),
      what: { kind: "pictures", scope, value },
    }),
  );
  const charsets = known.charsets.map(
    ({ address, charset }): Entry => ({
      key: address,
      name: address,
      note: t(`reading:charset.${charset}`),
      label: t("charsetBack", { address }),
      what: { kind: "charset", address },
    }),
  );
  const originals = known.originals.map(
    (address): Entry => ({
      key: address,
      name: address,
      note: "",
      label: t("originalBack", { address }),
      what: { kind: "original", address },
    }),
  );
  return (
    <div className="setcard remembered">
      <List title={t("pictures")} empty={t("noPictures")} entries={pictures} />
      <List title={t("charsets")} empty={t("noCharsets")} entries={charsets} />
      <List title={t("originals")} empty={t("noOriginals")} entries={originals} />
    </div>
  );
}

function List({ title, empty, entries }: { title: string; empty: string; entries: readonly Entry[] }): ReactNode {
  const box = useRef<HTMLElement>(null);
  // The button that was pressed goes with its line: whoever uses the keys stays in the list.
  const forget = ({ what }: Entry): void => {
    forgetRemembered(what);
    box.current?.focus();
  };
  return (
    <section className="remembered-list" ref={box} tabIndex={-1} aria-label={title}>
      <h2 className="set-label">{title}</h2>
      {entries.length === 0 ? (
        <p className="set-hint">{empty}</p>
      ) : (
        <ul>
          {entries.map((entry) => (
            <li key={entry.key}>
              <span className="grow">
                <bdi>{entry.name}</bdi> <span className="faint caption">{entry.note}</span>
              </span>
              <IconButton icon={X} iconSize={16} className="small" label={entry.label} onPress={() => forget(entry)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
