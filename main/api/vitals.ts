import { Failure } from "../../shared/failure.ts";
import type { Profile } from "../health/threads.ts";
import type { AssetAnswer } from "./assets.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = "health.vitals" | "health.history" | "health.mute" | "health.traces" | "health.record" | "health.recordStop";

export function vitalsHandlers({ health, host, assets }: Parts): Pick<Handlers, Names> {
  return {
    "health.vitals": async () => (await health()).vitals(),
    "health.history": async () => (await health()).history(),
    "health.mute": async ({ kind, accountId, forMs }) => {
      (await health()).mute(kind, accountId, forMs);
      return {};
    },
    "health.traces": async () => ({ traces: (await health()).traces() }),
    "health.record": async ({ seconds }) => {
      const profiles = await (await health()).record(seconds);
      if (profiles === null) throw new Failure("recording-already");
      const files = profiles.map(fileOf);
      if (host.saveFiles !== null) {
        const count = await host.saveFiles(files);
        return count === null ? { kind: "cancelled" } : { kind: "saved", count };
      }
      const base = assets.grant("recording", (name) => Promise.resolve(answer(files.find((file) => file.name === name))));
      return { kind: "download", files: files.map(({ name, bytes }) => ({ name, sizeBytes: bytes.byteLength, url: base + name })) };
    },
    "health.recordStop": async () => {
      (await health()).stopRecording();
      return {};
    },
  };
}

type File = { readonly name: string; readonly bytes: Uint8Array };

/** Several threads have one name. */
function fileOf({ thread, threadId, profile }: Profile): File {
  return { name: `satchel-${thread}-${threadId}.cpuprofile`, bytes: Buffer.from(profile) };
}

function answer(file: File | undefined): AssetAnswer | null {
  if (file === undefined) return null;
  const headers = { "content-type": "application/json", "content-disposition": `attachment; filename="${file.name}"` };
  return { status: 200, headers, body: file.bytes };
}
