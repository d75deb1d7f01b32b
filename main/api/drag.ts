import { Failure } from "../../shared/failure.ts";
import type { Parts } from "./parts.ts";
import { readPart, wantingAll } from "./reading.ts";
import type { Handlers } from "./serve.ts";

export function dragHandlers(parts: Parts): Pick<Handlers, "preview.drag"> {
  return {
    "preview.drag": async ({ placementId, part }) => {
      const { dragFile } = parts.host;
      if (dragFile === null) throw new Failure("not-supported");
      await dragFile(await wantingAll(parts, placementId, () => readPart(parts, placementId, part)));
      return {};
    },
  };
}
