import { lazy, type ReactNode, Suspense } from "react";
import { useShell } from "../../state/shell.ts";

const KeysSheet = lazy(async () => ({ default: (await import("./keys-sheet.tsx")).KeysSheet }));
const Palette = lazy(async () => ({ default: (await import("./palette.tsx")).Palette }));

/** The sheet of keys or the palette, fetched when first asked for. */
export function Over(): ReactNode {
  const over = useShell((state) => state.over);
  if (over === null) return null;
  return <Suspense>{over === "keys" ? <KeysSheet /> : <Palette asks={over} />}</Suspense>;
}
