import { Maximize, ScanSearch } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { closePreview, stepPreview } from "../../state/preview.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { NoPreview } from "./no-preview.tsx";

type Props = { kind: "image" | "audio" | "video"; url: string; name: string };

/**
 * A picture, a film or a recording in a frame of its own, which runs nothing and can load nothing but this one file; `allow-same-origin` lets
 * the window see whether it could be painted, and hear its keys.
 */
export function MediaView({ kind, url, name }: Props): ReactNode {
  const { t } = useTranslation("preview");
  const frame = useRef<HTMLIFrameElement>(null);
  const [pixels, setPixels] = useState<{ width: number; height: number } | null>(null);
  const [larger, setLarger] = useState(false);
  const [actual, setActual] = useState(false);
  const [broken, setBroken] = useState(false);
  if (broken) return <NoPreview why="broken" />;
  const loaded = (): void => {
    const page = frame.current?.contentDocument;
    const picture = page?.querySelector("img");
    if (picture && picture.naturalWidth > 0) {
      setPixels({ width: picture.naturalWidth, height: picture.naturalHeight });
      setLarger(picture.naturalWidth > picture.clientWidth);
    } else if (picture) setBroken(true);
    const player = page?.querySelector<HTMLMediaElement>("audio, video");
    player?.addEventListener("error", () => setBroken(true));
    if (player?.error) setBroken(true);
    page?.addEventListener("keydown", pressedInFrame);
  };
  const resize = (): void => {
    const page = frame.current?.contentDocument?.documentElement;
    if (page) page.dataset["size"] = actual ? "fit" : "actual";
    setActual(!actual);
  };
  return (
    <>
      <div className="preview-body">
        <iframe
          ref={frame}
          className="preview-frame"
          src={url}
          title={t(kind === "image" ? "picture" : "player", { name })}
          sandbox="allow-same-origin"
          referrerPolicy="no-referrer"
          onLoad={loaded}
        />
      </div>
      {kind === "image" && (
        <footer className="preview-foot">
          <span className="caption muted num">{pixels !== null && t("pixels", pixels)}</span>
          <span className="grow" />
          {larger && (
            <Button size="small" onPress={resize}>
              <Icon of={actual ? Maximize : ScanSearch} />
              {t(actual ? "fit" : "actualSize")}
            </Button>
          )}
        </footer>
      )}
    </>
  );
}

/** Keys that are pressed in a frame do not reach the dialog. A player's own are left to it. */
function pressedInFrame(event: globalThis.KeyboardEvent): void {
  const target = event.target as Element | null;
  if (event.key === "Escape") closePreview();
  else if (target?.closest("audio, video") === null && event.key === "ArrowLeft") stepPreview(-1);
  else if (target?.closest("audio, video") === null && event.key === "ArrowRight") stepPreview(1);
}
