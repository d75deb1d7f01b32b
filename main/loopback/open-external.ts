import { spawn } from "node:child_process";

/** The system's own way to open an address; the engine has checked its scheme. */
export function openerCommand(platform: NodeJS.Platform, url: string): { program: string; args: string[] } {
  if (platform === "darwin") return { program: "open", args: [url] };
  // rundll32 takes the address as it is; `start` would let a shell read it first.
  if (platform === "win32") return { program: "rundll32", args: ["url.dll,FileProtocolHandler", url] };
  return { program: "xdg-open", args: [url] };
}

export function openExternal(url: string): Promise<void> {
  const { program, args } = openerCommand(process.platform, url);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "ignore", detached: true });
    child.once("error", reject);
    child.once("spawn", () => {
      child.unref();
      resolve();
    });
  });
}
