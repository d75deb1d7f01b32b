import type { OutputOf } from "../../shared/contract/table.ts";
import { Failure } from "../../shared/failure.ts";
import { type RecordingFile, recordingFiles, recordingFolder } from "../health/recording.ts";
import { zipOf } from "../health/zip.ts";
import { readSettings } from "../store/settings.ts";
import type { AssetAnswer } from "./assets.ts";
import type { Parts } from "./parts.ts";
import type { Handlers } from "./serve.ts";

type Names = "health.vitals" | "health.history" | "health.mute" | "health.traces" | "health.rounds" | "health.record" | "health.recordStop";

export function vitalsHandlers(parts: Parts): Pick<Handlers, Names> {
  const { health } = parts;
  return {
    "health.vitals": async () => (await health()).vitals(),
    "health.history": async () => (await health()).history(),
    "health.mute": async ({ kind, accountId, forMs }) => {
      (await health()).mute(kind, accountId, forMs);
      return {};
    },
    "health.traces": async () => ({ traces: (await health()).traces() }),
    "health.rounds": async ({ before, notable }) => ({ rounds: (await health()).rounds(before, notable) }),
    "health.record": ({ seconds }) => record(parts, seconds),
    "health.recordStop": async () => {
      (await health()).stopRecording();
      return {};
    },
  };
}

async function record({ health, host, store, assets, clock }: Parts, seconds: number): Promise<OutputOf<"health.record">> {
  const began = clock();
  const recorded = await (await health()).record(seconds);
  if (recorded === null) throw new Failure("recording-already");
  const endedAt = clock();
  const { language } = readSettings(store);
  const folder = recordingFolder(endedAt);
  const files = recordingFiles({
    version: host.version,
    host: host.host,
    system: host.system,
    language: language === "system" ? host.language : language,
    endedAt,
    lastedMs: endedAt - began,
    recorded,
  });
  if (host.saveFiles !== null) {
    const count = await host.saveFiles(files, folder);
    return count === null ? { kind: "cancelled" } : { kind: "saved", count };
  }
  const all = [{ name: `${folder}.zip`, bytes: zipOf(folder, files, endedAt) }, ...files];
  const base = assets.grant("recording", (name) => Promise.resolve(answer(all.find((file) => file.name === name))));
  return { kind: "download", files: all.map(({ name, bytes }) => ({ name, sizeBytes: bytes.byteLength, url: base + name })) };
}

function answer(file: RecordingFile | undefined): AssetAnswer | null {
  if (file === undefined) return null;
  const headers = { "content-type": "application/octet-stream", "content-disposition": `attachment; filename="${file.name}"` };
  return { status: 200, headers, body: file.bytes };
}
