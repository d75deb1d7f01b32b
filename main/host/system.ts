import type { Platform } from "../engine/platform.ts";

export function systemName(platform: NodeJS.Platform): Platform["system"] {
  if (platform === "darwin") return "mac";
  return platform === "win32" ? "windows" : "linux";
}
