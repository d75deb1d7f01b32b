import { lazy, type ReactNode, Suspense } from "react";
import { usePreview } from "../../state/preview.ts";

const PreviewDialog = lazy(async () => ({ default: (await import("./preview-dialog.tsx")).PreviewDialog }));

/** The attachment that is being looked at, over everything else; fetched when the first one is opened. */
export function PreviewHost(): ReactNode {
  const stack = usePreview((state) => state.stack);
  const shown = stack.at(-1);
  if (shown === undefined) return null;
  return (
    <Suspense>
      <PreviewDialog shown={shown} within={stack.at(-2)} />
    </Suspense>
  );
}
