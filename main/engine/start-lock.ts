import { join } from "node:path";
import { AppLock } from "../accounts/app-lock.ts";
import type { Timers } from "../sync/timers.ts";
import type { Platform } from "./platform.ts";

type Needs = {
  readonly profileDir: string;
  readonly platform: Pick<Platform, "systemUnlock">;
  readonly clock: () => number;
  readonly timers: Timers;
  /** BCP 47 of the window, for the system's question. */
  readonly language: () => string;
  readonly onChange: () => void;
};

/** The lock of this profile, with the system's own unlocking where the host has one. */
export function startLock({ profileDir, platform, clock, timers, language, onChange }: Needs): AppLock {
  const { systemUnlock } = platform;
  // macOS puts "Satchel is trying to" before it.
  const reason = (): string => (language().startsWith("zh") ? "解锁您的邮件" : "unlock your mail");
  return new AppLock({
    file: join(profileDir, "lock.json"),
    clock,
    after: (ms, work) => timers.after(ms, work),
    onChange,
    system: systemUnlock && { ready: () => systemUnlock.ready(), ask: () => systemUnlock.ask(reason()) },
  });
}
