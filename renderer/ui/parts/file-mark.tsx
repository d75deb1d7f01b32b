import { File, FileArchive, FileImage, FileSpreadsheet, FileText, FileVideo, type LucideIcon, Mail } from "lucide-react";
import { type ReactNode, useContext, useEffect, useRef, useState } from "react";
import type { PartInfo } from "../../../shared/contract/mail.ts";
import { type FileGroup, fileGroup } from "../../../shared/file-group.ts";
import type { PlacementId } from "../../../shared/ids.ts";
import { thumbnailOf } from "../../state/thumbnails.ts";
import { Icon } from "./icon.tsx";
import { InSight } from "./in-sight.ts";
import "./file-mark.css";

const ICONS: Record<FileGroup, LucideIcon> = {
  picture: FileImage,
  document: FileText,
  table: FileSpreadsheet,
  media: FileVideo,
  archive: FileArchive,
  mail: Mail,
  other: File,
};

/** What stands for a file: a small picture of a picture that is here, once it comes into sight, else the sign of its kind. */
export function FileMark({ placementId, part }: { placementId: PlacementId; part: PartInfo }): ReactNode {
  const group = fileGroup(part);
  return (
    <span className="well">
      <Icon of={ICONS[group]} size={18} />
      {group === "picture" && part.here && <Thumbnail placementId={placementId} part={part.part} />}
    </span>
  );
}

function Thumbnail({ placementId, part }: { placementId: PlacementId; part: string }): ReactNode {
  const place = useRef<HTMLCanvasElement>(null);
  const [made, setMade] = useState(false);
  const inSight = useContext(InSight);
  useEffect(() => {
    const canvas = place.current;
    if (canvas === null || !inSight) return undefined;
    let gone = false;
    const paint = (mark: ImageBitmap | null): void => {
      if (gone || mark === null) return;
      canvas.width = mark.width;
      canvas.height = mark.height;
      canvas.getContext("2d")?.drawImage(mark, 0, 0);
      setMade(true);
    };
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      void thumbnailOf(placementId, part).then(paint);
    });
    watch.observe(canvas);
    return () => {
      gone = true;
      watch.disconnect();
    };
  }, [placementId, part, inSight]);
  return <canvas ref={place} className={made ? "thumbnail made" : "thumbnail"} aria-hidden="true" />;
}
