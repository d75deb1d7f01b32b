import { randomBytes } from "node:crypto";
import type { AttachmentId, DraftId, PlacementId } from "../../shared/ids.ts";

/** What lies behind an address that the window may load. */
export type AssetTarget =
  | { readonly kind: "body"; readonly placementId: PlacementId }
  | { readonly kind: "part"; readonly placementId: PlacementId; readonly part: string; readonly download: boolean }
  | { readonly kind: "source"; readonly placementId: PlacementId }
  | { readonly kind: "quote"; readonly draftId: DraftId }
  | { readonly kind: "attachment"; readonly attachmentId: AttachmentId }
  | { readonly kind: "remote"; readonly url: string };

export type AssetAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array };

const KEPT = 20_000;

/**
 * Unguessable addresses for what the window shows in frames and images. A frame without cookies may load them, nobody can make
 * one up, and all are void when the engine starts again.
 */
export class AssetKeys {
  readonly #targets = new Map<string, AssetTarget>();
  readonly #keys = new Map<string, string>();

  /** The address of `target`, the same for the same target. `name` is what a download is called. */
  urlOf(target: AssetTarget, name = "message"): string {
    const identity = JSON.stringify(target);
    let key = this.#keys.get(identity);
    if (key === undefined) {
      key = randomBytes(18).toString("base64url");
      this.#keys.set(identity, key);
      this.#targets.set(key, target);
      this.#trim();
    }
    return `/asset/${key}/${encodeURIComponent(name.slice(0, 150)) || "message"}`;
  }

  /** `path` as the host received it, from `/asset/` on. */
  targetOf(path: string): AssetTarget | undefined {
    const key = /^\/asset\/([\w-]{24})(?:\/|$)/u.exec(path)?.[1];
    return key === undefined ? undefined : this.#targets.get(key);
  }

  #trim(): void {
    if (this.#targets.size <= KEPT) return;
    const [oldest] = this.#targets;
    if (oldest === undefined) return;
    this.#targets.delete(oldest[0]);
    this.#keys.delete(JSON.stringify(oldest[1]));
  }
}
