import { lazy, type ReactNode, Suspense } from "react";
import type { Preview } from "../../../shared/contract/preview.ts";
import type { PlacementId } from "../../../shared/ids.ts";
import { InsideView } from "./inside-view.tsx";
import { MediaView } from "./media-view.tsx";
import { NoPreview } from "./no-preview.tsx";
import { TextView } from "./text-view.tsx";

// As large as all the rest of the window: only who opens a document waits for it.
const PdfView = lazy(async () => ({ default: (await import("./pdf-view.tsx")).PdfView }));

type Props = { preview: Preview; placementId: PlacementId; part: string; name: string };

/** What an attachment shows of itself. */
export function PreviewContent({ preview, placementId, part, name }: Props): ReactNode {
  switch (preview.kind) {
    case "image":
    case "audio":
    case "video":
      return <MediaView kind={preview.kind} url={preview.url} name={name} />;
    case "pdf":
      return (
        <Suspense fallback={<div className="preview-body" aria-busy="true" />}>
          <PdfView url={preview.url} name={name} />
        </Suspense>
      );
    case "text":
      return <TextView preview={preview} name={name} />;
    case "message":
      return <InsideView placementId={placementId} part={part} />;
    case "none":
      return <NoPreview why={preview.why} />;
  }
}
