import type { PlacementId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { confirmed } from "./lock.ts";
import { saveFrom } from "./save-from.ts";
import { showToast, toastFailure } from "./toasts.ts";

/** Opens with the system's program, or in a new tab where the host has no programs. */
export function openPart(placementId: PlacementId, part: string): void {
  client.request("mail.openPart", { placementId, part }).then(({ url }) => {
    if (url !== null) window.open(url, "_blank", "noopener");
  }, toastFailure);
}

export function saveParts(placementId: PlacementId, parts: string[]): void {
  client.request("mail.saveParts", { placementId, parts }).then((answer) => {
    if (answer.kind === "saved") showToast({ key: "mail:toast.saved", params: { count: answer.count } });
    if (answer.kind === "download") for (const url of answer.urls) startDownload(url);
  }, toastFailure);
}

/** An address from which the browser can take an attachment to where it is dragged. */
export async function dragUrl(placementId: PlacementId, part: string): Promise<string> {
  const { url } = await client.request("mail.partUrl", { placementId, part, download: true });
  return new URL(url, location.href).href;
}

/** Lets the host put an attachment under the pointer that drags. */
export function dragPart(placementId: PlacementId, part: string): void {
  client.request("preview.drag", { placementId, part }).catch(toastFailure);
}

function startDownload(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  link.click();
}

export function openLink(url: string): void {
  client.request("health.openLink", { url }).catch(toastFailure);
}

export function readSource(placementId: PlacementId): Promise<{ text: string; truncated: boolean }> {
  return client.request("mail.source", { placementId });
}

/** As a file, once the PIN was given where there is one. */
export function exportMessage(placementId: PlacementId): void {
  confirmed(() => client.request("mail.export", { placementId })).then((found) => found && saveFrom(found.url), toastFailure);
}
