import { useEffect, useState } from "react";
import { type Address, looksLikeAddress } from "../../../shared/address.ts";
import { type DirectoryAnswer, findInDirectory } from "../../state/directory.ts";
import { knownPeople } from "../../state/known-people.ts";
import { useSettings } from "../../state/settings.ts";
import type { Suggestion } from "./suggestions.tsx";

const MOST_KNOWN = 6;
const MOST_OF_DIRECTORY = 6;
/** A server is asked at longer pauses than the own store. */
const DIRECTORY_PAUSE_MS = 250;

type Suggestions = {
  readonly found: readonly Suggestion[];
  /** The directory could not be asked. */
  readonly unavailable: boolean;
  readonly active: number;
  setActive(at: number): void;
  close(): void;
};

/** Known people for what is typed, asked at the pauses, and below them those of the directory as they come; none of those already in the row. */
export function useSuggestions(text: string, people: readonly Address[]): Suggestions {
  const [answer, setAnswer] = useState<{ text: string; people: readonly Address[] }>({ text: "", people: [] });
  const [active, setActive] = useState(0);
  const wanted = text.trim();
  const [directory, forgetDirectory] = useDirectory(wanted);
  useEffect(() => {
    if (wanted === "") return;
    let live = true;
    const timer = setTimeout(() => {
      void knownPeople(wanted, 8).then((known) => {
        if (!live) return;
        setAnswer({ text: wanted, people: known });
        // A whole address stands for itself: Enter must not change it into somebody else's.
        setActive(looksLikeAddress(wanted) ? -1 : 0);
      });
    }, 60);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [wanted]);
  const taken = new Set(people.map((person) => person.address.toLowerCase()));
  const fits = wanted !== "" && answer.text !== "" && wanted.startsWith(answer.text.slice(0, 1));
  const known = fits ? answer.people.filter((person) => !taken.has(person.address.toLowerCase())).slice(0, MOST_KNOWN) : [];
  for (const { address } of known) taken.add(address.toLowerCase());
  const further = directory.people.filter((person) => !taken.has(person.address.toLowerCase())).slice(0, MOST_OF_DIRECTORY);
  return {
    found: [...known, ...further.map((person) => ({ ...person, fromDirectory: true }))],
    unavailable: directory.unavailable,
    active,
    setActive,
    close: () => {
      setAnswer({ text: "", people: [] });
      forgetDirectory();
    },
  };
}

const NOTHING: DirectoryAnswer = { people: [], unavailable: false };

/** What the organisation's directory has for what is typed; nothing where there is none. */
function useDirectory(wanted: string): readonly [DirectoryAnswer, () => void] {
  const there = useSettings((state) => state.settings.directory !== null);
  const [answer, setAnswer] = useState(NOTHING);
  const asked = there && [...wanted].length >= 2 ? wanted : "";
  useEffect(() => {
    setAnswer(NOTHING);
    if (asked === "") return;
    let live = true;
    const timer = setTimeout(() => {
      void findInDirectory(asked).then((found) => {
        if (live) setAnswer(found);
      });
    }, DIRECTORY_PAUSE_MS);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [asked]);
  return [answer, () => setAnswer(NOTHING)];
}
