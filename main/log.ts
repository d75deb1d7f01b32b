import { Failure } from "../shared/failure.ts";
import { maskFields, maskText } from "./log-redaction.ts";

/** Fields of a log line. Addresses, subjects, bodies and secrets belong at debug level only. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;
export type LogLevel = "debug" | "info" | "warn" | "error";

/** The structured log: one line is one JSON object. `with` binds fields (correlation, account) for everything below. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, error: unknown, fields?: LogFields): void;
  with(fields: LogFields): Log;
}

/** For tests and tools that do not listen. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => silentLog,
};

/** Takes finished lines, without their line break: a ring, a file, the host's thread. */
export type LogSink = (line: string) => void;

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
const STACK_FRAMES = 12;

/**
 * A log that writes JSON lines to `sinks`. Above debug every field and every error text is redacted, so a file or a problem
 * report may be shown to strangers; secrets are cut at every level.
 */
export function createLog(options: { sinks: readonly LogSink[]; level: LogLevel; clock: () => number; fields?: LogFields }): Log {
  const least = RANK[options.level];

  function write(level: LogLevel, event: string, fields: LogFields): void {
    if (RANK[level] < least) return;
    const at = new Date(options.clock()).toISOString();
    const line = JSON.stringify({ at, level, event, ...maskFields({ ...options.fields, ...fields }, level !== "debug") });
    for (const sink of options.sinks) sink(line);
  }

  return {
    debug: (event, fields = {}) => write("debug", event, fields),
    info: (event, fields = {}) => write("info", event, fields),
    warn: (event, fields = {}) => write("warn", event, fields),
    error: (event, error, fields = {}) => write("error", event, { ...fields, ...errorFields(error) }),
    with: (fields) => createLog({ ...options, fields: { ...options.fields, ...fields } }),
  };
}

/** What may be told of an error: kind, code, masked words, where it was thrown, and the same of its cause. */
function errorFields(error: unknown, depth = 0): LogFields {
  if (!(error instanceof Error)) return { error: maskText(String(error)) };
  const prefix = depth === 0 ? "" : "cause";
  const name = (key: string) => (prefix === "" ? key : `${prefix}${key.charAt(0).toUpperCase()}${key.slice(1)}`);
  const code = "code" in error && (typeof error.code === "string" || typeof error.code === "number") ? error.code : undefined;
  const frames = (error.stack ?? "").split("\n").filter((line) => line.trimStart().startsWith("at "));
  const own: LogFields = {
    [name("error")]: maskText(`${error.name}: ${error.message}`),
    [name("code")]: code,
    [name("kind")]: error instanceof Failure ? error.kind : undefined,
    [name("stack")]: frames
      .slice(0, STACK_FRAMES)
      .map((frame) => frame.trim())
      .join(" | "),
  };
  return depth === 0 && error.cause !== undefined ? { ...own, ...errorFields(error.cause, depth + 1) } : own;
}

/** The level asked for in SATCHEL_LOG, else info. */
export function logLevel(asked: string | undefined): LogLevel {
  return asked === "debug" || asked === "warn" || asked === "error" ? asked : "info";
}
