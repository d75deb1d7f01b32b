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
