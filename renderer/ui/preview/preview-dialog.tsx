import { ArrowLeft, ChevronLeft, ChevronRight, Download, ExternalLink, ShieldAlert, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { PartInfo } from "../../../shared/contract/mail.ts";
import type { OutputOf } from "../../../shared/contract/table.ts";
import type { PlacementId } from "../../../shared/ids.ts";
import { formatSize } from "../../i18n/format.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { openPart, saveParts } from "../../state/attachments.ts";
import { chordOf } from "../../state/keys.ts";
import { closePreview, lookAt, type Shown, stepPreview } from "../../state/preview.ts";
import { Banner } from "../parts/banner.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { NoPreview } from "./no-preview.tsx";
import { PreviewContent } from "./preview-content.tsx";
import "./preview.css";

/** An attachment over the message that it came with; the ones beside it are a key away. */
export function PreviewDialog({ shown, within }: { shown: Shown; within: Shown | undefined }): ReactNode {
  const { t } = useTranslation("preview");
  const { placementId, parts, at } = shown;
  const part = parts[at];
  useEffect(() => {
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
  if (part === undefined) return null;
  const name = nameOf(part, t("mail:unnamed"));
  const outer = within?.parts[within.at];
  return (
    <ModalOverlay isOpen isDismissable className="veil" onOpenChange={(open) => !open && closePreview()}>
      <Modal className="dialog preview">
        <Dialog>
          <div className="preview-inner">
            <header className="preview-head">
              {outer !== undefined && (
                <IconButton icon={ArrowLeft} label={t("back", { name: nameOf(outer, t("mail:unnamed")) })} onPress={closePreview} />
              )}
              <div className="grow cut">
                <Heading slot="title" className="preview-title cut" lang={langOf(name)}>
                  {name}
                </Heading>
                <p className="caption muted num" aria-live="polite">
                  {formatSize(part.sizeBytes)}
                  {parts.length > 1 && ` · ${t("place", { at: at + 1, count: parts.length })}`}
                </p>
              </div>
              <div className="tools">
                {parts.length > 1 && (
                  <>
                    <IconButton icon={ChevronLeft} label={t("previous")} onPress={() => stepPreview(-1)} />
                    <IconButton icon={ChevronRight} label={t("next")} onPress={() => stepPreview(1)} />
                    <span className="sep" />
                  </>
                )}
                <IconButton icon={Download} label={t("save", { name })} onPress={() => saveParts(placementId, [part.part])} />
                <IconButton icon={ExternalLink} label={t("open")} onPress={() => openPart(placementId, part.part)} />
                <IconButton icon={X} label={t("common:close")} onPress={closePreview} />
              </div>
            </header>
            <Looked key={`${placementId} ${part.part}`} placementId={placementId} part={part} name={name} />
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

type Looked = OutputOf<"preview.look">;

function Looked({ placementId, part, name }: { placementId: PlacementId; part: PartInfo; name: string }): ReactNode {
  const { t } = useTranslation("preview");
  const [looked, setLooked] = useState<Looked | "failed" | null>(null);
  useEffect(() => {
    let gone = false;
    lookAt(placementId, part.part).then(
      (found) => !gone && setLooked(found),
      () => !gone && setLooked("failed"),
    );
    return () => {
      gone = true;
    };
  }, [placementId, part.part]);
  if (looked === "failed") return <NoPreview why="failed" />;
  if (looked === null) return <div className="preview-body" aria-busy="true" role="status" aria-label={t("reading")} />;
  const { danger, preview } = looked;
  return (
    <>
      {danger !== null && (
        <div className="preview-note">
          <Banner tone="warn" slim icon={ShieldAlert} head={<bdi>{t(`tricks:${danger.kind}`, danger)}</bdi>} />
        </div>
      )}
      <PreviewContent preview={preview} placementId={placementId} part={part.part} name={name} />
    </>
  );
}

function nameOf(part: PartInfo, unnamed: string): string {
  return part.name === "" ? unnamed : part.name;
}

/** What the dialog itself answers to, wherever in it the focus is. No key goes on to the window: it would be pressed for the message below. */
function pressed(event: KeyboardEvent): void {
  event.stopPropagation();
  // The window itself is nothing to print.
  if (chordOf(event) === "Mod+p") event.preventDefault();
  const asking = event.target instanceof Element && event.target.closest("[role='alertdialog']") !== null;
  if (asking || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  // Where nothing in the dialog has the focus, nothing of it hears the key.
  if (event.key === "Escape") closePreview();
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as 1 | -1 | undefined;
  if (step === undefined) return;
  event.preventDefault();
  stepPreview(step);
}
