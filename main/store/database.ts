import BetterSqlite, { type Database as Connection, type Statement as Prepared } from "better-sqlite3";
import { Failure } from "../../shared/failure.ts";
import { LogFile } from "./log-file.ts";
import { inPlaces, type SqlParams, type SqlValue, type Statement } from "./statement.ts";

/** What may be asked of the database outside a transaction. */
export interface Reader {
  all<P extends SqlParams, R>(statement: Statement<P, R>, params: P): R[];
  get<P extends SqlParams, R>(statement: Statement<P, R>, params: P): R | undefined;
  /** Rows as they come; the reader must be left alone until the loop ends. */
  each<P extends SqlParams, R>(statement: Statement<P, R>, params: P): IterableIterator<R>;
}

/** A transaction under way. Only `Database.write` makes one. */
export interface Writer extends Reader {
  run<P extends SqlParams>(statement: Statement<P, never>, params: P): { changes: number; lastId: number };
}

/** The result of a transaction cannot be a promise: SQLite's transactions end when the callback returns. */
type NotAsync<T> = T extends PromiseLike<unknown> ? never : T;

export interface Database extends Reader {
  /** Runs `work` in one IMMEDIATE transaction; an exception rolls it back. Nested calls join the outer one. */
  write<T>(work: (tx: Writer) => NotAsync<T>): T;
  /** As `write`, and on disk before it returns (synchronous FULL): for outbox states, drafts and operations that must survive a power cut. */
  writeDurably<T>(work: (tx: Writer) => NotAsync<T>): T;
  /** Settles when everything committed before the call is on disk; meanwhile the thread goes on. @throws Failure of the disk */
  synced(): Promise<void>;
  readonly connection: Connection;
  /** Called after every commit. */
  onCommit(listener: () => void): void;
  /** Called when a write fails, with the failure that its caller gets. */
  onRefusal(listener: (failure: unknown) => void): void;
  close(): void;
}

/** SQLite's own codes, translated to failures: the adapter of this folder. */
export function asStorageFailure(error: unknown): unknown {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "SQLITE_FULL" || code === "ENOSPC") return new Failure("disk-full", { cause: error });
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB") return new Failure("database-corrupt", { cause: error });
  if (code.startsWith("SQLITE_READONLY") || code === "SQLITE_CANTOPEN" || code === "EROFS" || code === "EACCES")
    return new Failure("read-only", { cause: error });
  if (code === "SQLITE_BUSY") return new Failure("profile-in-use", { cause: error });
  return error;
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStorageFailure(error);
  }
}

/** Opens one SQLite file for this thread. Migrations are the caller's business. `:memory:` is for tests. */
export function openDatabase(file: string): Database {
  const connection = translated(() => new BetterSqlite(file, { timeout: 5000 }));
  translated(() => {
    connection.pragma("journal_mode = WAL");
    connection.pragma("synchronous = NORMAL");
    connection.pragma("foreign_keys = ON");
    connection.pragma("temp_store = MEMORY");
    connection.pragma("cache_size = -32000");
    connection.pragma("wal_autocheckpoint = 8000");
    // A log that grew long once is cut down when it is begun anew.
    connection.pragma("journal_size_limit = 67108864");
  });
  return new SqliteDatabase(connection);
}

/** Opens an existing database beside its writer, for another thread that only looks. */
export function openReader(file: string): Reader & { close(): void } {
  const connection = translated(() => new BetterSqlite(file, { readonly: true, fileMustExist: true, timeout: 5000 }));
  return new SqliteDatabase(connection);
}

/** A statement as it was prepared, and the parameters of its places in their order. */
type Ready = { readonly prepared: Prepared<[SqlValue[]]>; readonly names: readonly string[] };

function valuesOf({ names }: Ready, params: SqlParams): SqlValue[] {
  const values: SqlValue[] = [];
  for (const name of names) {
    const value = params[name];
    if (value === undefined) throw new RangeError(`no value for :${name}`);
    values.push(value);
  }
  return values;
}

class SqliteDatabase implements Database, Writer {
  readonly connection: Connection;
  readonly #prepared = new Map<string, Ready>();
  readonly #log: LogFile | null;
  #committed: () => void = () => undefined;
  #refused: (failure: unknown) => void = () => undefined;

  constructor(connection: Connection) {
    this.connection = connection;
    this.#log = connection.memory ? null : new LogFile(connection.name);
  }

  #ready(sql: string): Ready {
    let ready = this.#prepared.get(sql);
    if (ready === undefined) {
      const placed = inPlaces(sql);
      ready = { prepared: this.connection.prepare<[SqlValue[]]>(placed.sql), names: placed.names };
      this.#prepared.set(sql, ready);
    }
    return ready;
  }

  all<P extends SqlParams, R>(statement: Statement<P, R>, params: P): R[] {
    try {
      const ready = this.#ready(statement.sql);
      return ready.prepared.all(valuesOf(ready, params)) as R[];
    } catch (error) {
      throw asStorageFailure(error);
    }
  }

  get<P extends SqlParams, R>(statement: Statement<P, R>, params: P): R | undefined {
    try {
      const ready = this.#ready(statement.sql);
      return ready.prepared.get(valuesOf(ready, params)) as R | undefined;
    } catch (error) {
      throw asStorageFailure(error);
    }
  }

  each<P extends SqlParams, R>(statement: Statement<P, R>, params: P): IterableIterator<R> {
    return translated(() => {
      const ready = this.#ready(statement.sql);
      return ready.prepared.iterate(valuesOf(ready, params)) as IterableIterator<R>;
    });
  }

  run<P extends SqlParams>(statement: Statement<P, never>, params: P): { changes: number; lastId: number } {
    try {
      const ready = this.#ready(statement.sql);
      const { changes, lastInsertRowid } = ready.prepared.run(valuesOf(ready, params));
      return { changes, lastId: Number(lastInsertRowid) };
    } catch (error) {
      throw asStorageFailure(error);
    }
  }

  write<T>(work: (tx: Writer) => NotAsync<T>): T {
    if (this.connection.inTransaction) return work(this);
    try {
      this.connection.exec("BEGIN IMMEDIATE");
      const result = work(this);
      this.connection.exec("COMMIT");
      this.#committed();
      return result;
    } catch (error) {
      if (this.connection.inTransaction) this.connection.exec("ROLLBACK");
      const failure = asStorageFailure(error);
      this.#refused(failure);
      throw failure;
    }
  }

  writeDurably<T>(work: (tx: Writer) => NotAsync<T>): T {
    if (this.connection.inTransaction) throw new Error("a durable write cannot join a transaction");
    this.connection.pragma("synchronous = FULL");
    try {
      return this.write(work);
    } finally {
      this.connection.pragma("synchronous = NORMAL");
    }
  }

  async synced(): Promise<void> {
    try {
      await this.#log?.sync();
    } catch (error) {
      const failure = asStorageFailure(error);
      this.#refused(failure);
      throw failure;
    }
  }

  onCommit(listener: () => void): void {
    this.#committed = listener;
  }

  onRefusal(listener: (failure: unknown) => void): void {
    this.#refused = listener;
  }

  close(): void {
    this.#log?.close();
    this.connection.close();
  }
}
