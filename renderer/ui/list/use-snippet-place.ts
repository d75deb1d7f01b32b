import { useSettings } from "../../state/settings.ts";

/** Where rows show the beginning of the text, by density and the user's wish. */
export function useSnippetPlace(): "line" | "behind" | "none" {
  const { showSnippets, density } = useSettings((state) => state.settings);
  if (!showSnippets) return "none";
  return density === "compact" ? "behind" : "line";
}
