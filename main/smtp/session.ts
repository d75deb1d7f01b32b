import type SMTPConnection from "nodemailer/lib/smtp-connection";
import type { ServerSettings } from "../../shared/contract/accounts.ts";
import type { SmtpStage } from "../../shared/contract/outbox.ts";
import { Failure } from "../../shared/failure.ts";
import { asPinned } from "../line/pinned.ts";
import type { UploadLimit } from "../line/upload-limit.ts";
import { holdUntil } from "../plan/hold.ts";
import type { AttemptOutcome, RecipientOutcome } from "../plan/outbox-item.ts";
import { askOnly } from "./ask-only.ts";
import { connectionFor, DEADLINES, type Deadlines, type SessionOptions } from "./connection.ts";
import { cannotTake, type Outgoing, onWire, reportRequest } from "./envelope.ts";
import { addToCommands, originalRecipient } from "./mail-parameters.ts";
import { asSmtpFailure, failedAttempt, refusedRecipients, restGoesOn, type SmtpError } from "./outcomes.ts";
import { type Capabilities, NO_CAPABILITIES, parseCapabilities, parseReply } from "./reply.ts";
import { SmtpSignIn, signInPlan } from "./sign-in.ts";
import { Upload, type UploadHooks } from "./upload.ts";

export type SendHooks = {
  /** @param turnedAway with `uploading`: those of whom the server has just said that it takes nothing for them */
  onStage(stage: SmtpStage, turnedAway?: readonly RecipientOutcome[]): void;
  onBytes(sent: number): void;
  /** Resolves once it is on disk that the message may be out, for all but those turned away. A rejection keeps the last piece back. */
  release(turnedAway: readonly RecipientOutcome[]): Promise<void>;
  /** Breaks the connection off, unless the last piece has been released. */
  readonly signal?: AbortSignal;
};

/** One signed-in connection, for one message at a time and many in a row. */
export interface SmtpSession {
  readonly capabilities: Capabilities;
  /** False once it broke, or lost step with the server. */
  readonly usable: boolean;
  /** Called when it breaks between two messages. */
  onEnd: () => void;
  /** Never throws for what a server or the line does: that is the outcome. */
  send(message: Outgoing, hooks: SendHooks): Promise<AttemptOutcome>;
  /** Asks whether it would take mail of this sender, or to this recipient of the sender asked for before; `reset` forgets both. @throws Failure */
  ask(what: "sender" | "recipient" | "reset", address: string): Promise<void>;
  /** QUIT, without waiting for the answer. */
  close(): void;
}

/**
 * Connects, secures and signs in.
 *
 * @throws Failure of kind offline, throttled, untrusted, auth or refused; the connection is closed then
 */
export async function openSession(options: SessionOptions): Promise<SmtpSession> {
  const deadlines = { ...DEADLINES, ...options.deadlines };
  const { server } = options;
  options.onStage?.("connecting");
  const signIn = new SmtpSignIn();
  const { connection, securing } = await connectionFor(options, deadlines, signIn).catch(async (error: unknown) => {
    const failure = error instanceof Failure ? error : asSmtpFailure(error as SmtpError, server);
    throw await asPinned(failure, server, "smtp", options.via);
  });
  const session = new Session(connection, server, deadlines, options.uploads);
  try {
    await session.step(deadlines.connect + deadlines.greeting + deadlines.command, (done) => connection.connect(done));
    const offered = parseCapabilities(String(connection.lastServerResponse));
    // RFC 8689 §2: what is promised over a line that is not encrypted counts for nothing.
    session.capabilities = { ...offered, requireTls: offered.requireTls && connection.secure };
    options.onStage?.("greeted");
    const choices = signInPlan(connection, server, options.credential, session.capabilities);
    if (choices) {
      signIn.choices = choices;
      await session.step(deadlines.command, (done) => connection.login(signIn.auth(server.user), done));
    }
    options.onStage?.("signed-in");
    securing.kept(Reflect.get(connection, "_socket"));
    return session;
  } catch (error) {
    connection.close();
    if (signIn.failure) throw signIn.failure;
    const failure = error instanceof Failure ? error : asSmtpFailure(error as SmtpError, server);
    securing.failed(failure);
    // What a password is to the one is a token to the other.
    if (failure.code !== "wrong-password" || options.credential.kind !== "token")
      throw await asPinned(failure, server, "smtp", options.via);
    throw new Failure("token-expired", { params: { ...failure.params }, serverWords: failure.serverWords, cause: error });
  }
}

/** Replies to a parameter of MAIL that the server does not like (RFC 4865 §4, RFC 5321 §4.1.1.11); nothing was handed over. */
function isAboutHold(error: SmtpError): boolean {
  const code = parseReply(error.response)?.code;
  return error.command === "MAIL FROM" && (code === 501 || code === 504 || code === 555);
}

/** nodemailer keeps what became of each RCPT here; after a later failure it is told nowhere else. */
type WithEnvelope = { readonly _envelope?: false | { readonly rejectedErrors?: readonly SmtpError[] } };

class Session implements SmtpSession {
  capabilities: Capabilities = NO_CAPABILITIES;
  readonly #connection: SMTPConnection;
  readonly #server: ServerSettings;
  readonly #deadlines: Deadlines;
  readonly #uploads: UploadLimit | undefined;
  #broken: SmtpError | null = null;
  #closed = false;
  #needsReset = false;
  #onBroken: (error: SmtpError) => void = () => {};
  onEnd: () => void = () => {};

  constructor(connection: SMTPConnection, server: ServerSettings, deadlines: Deadlines, uploads: UploadLimit | undefined) {
    this.#connection = connection;
    this.#server = server;
    this.#deadlines = deadlines;
    this.#uploads = uploads;
    connection.on("error", (error: SmtpError) => this.#break(error));
    connection.on("end", () => {
      this.#closed = true;
      // nodemailer closes first and reports why afterwards; its reason is the better one.
      setImmediate(() => this.#break(Object.assign(new Error("the connection ended"), { code: "ECONNECTION" })));
    });
  }

  get usable(): boolean {
    return this.#broken === null && !this.#closed;
  }

  #break(error: SmtpError): void {
    this.#broken ??= error;
    this.#onBroken(this.#broken);
    this.onEnd();
  }

  /** Runs one exchange of nodemailer's with a deadline of its own; a broken line ends it even where nodemailer forgets the callback. */
  async step(deadlineMs: number, start: (done: (error?: unknown) => void) => void): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => reject(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })), deadlineMs);
        this.#onBroken = reject;
        if (this.#broken) reject(this.#broken);
        else start((error) => (error ? reject(error) : resolve()));
      });
    } finally {
      clearTimeout(timer);
      this.#onBroken = () => {};
    }
  }

  async send(message: Outgoing, hooks: SendHooks): Promise<AttemptOutcome> {
    const refusal = cannotTake(message, this.capabilities, this.#server.host);
    if (refusal !== null) return refusal;
    if (this.#needsReset) {
      try {
        await this.step(this.#deadlines.command, (done) => this.#connection.reset(done));
        this.#needsReset = false;
      } catch (error) {
        this.#drop();
        return failedAttempt(error as SmtpError, this.#server, false, [], message.to.length);
      }
    }
    hooks.onStage("recipients");
    return await this.#transfer(message, hooks);
  }

  async ask(what: "sender" | "recipient" | "reset", address: string): Promise<void> {
    try {
      if (what === "reset") return await this.step(this.#deadlines.command, (done) => this.#connection.reset(done));
      const command = what === "sender" ? "MAIL FROM" : "RCPT TO";
      await this.step(this.#deadlines.command, (done) => askOnly(this.#connection, command, onWire(address), done));
    } catch (error) {
      throw asSmtpFailure(error as SmtpError, this.#server);
    }
  }

  async #transfer(message: Outgoing, hooks: SendHooks): Promise<AttemptOutcome> {
    const own = new Map(message.to.map((address) => [onWire(address), address]));
    const results = (errors: readonly SmtpError[]): RecipientOutcome[] =>
      refusedRecipients(errors).map((result) => ({ ...result, address: own.get(result.address) ?? result.address }));
    const turnedAway = (): RecipientOutcome[] => {
      const envelope = (this.#connection as unknown as WithEnvelope)._envelope;
      return results(envelope ? (envelope.rejectedErrors ?? []) : []);
    };
    const dsn = reportRequest(message, this.capabilities);
    const added = addToCommands(this.#connection, {
      mail: message.hold === undefined ? "" : ` HOLDUNTIL=${holdUntil(message.hold.at)}`,
      // nodemailer has one original recipient for all of them.
      rcpt: (address) => (dsn === null ? "" : originalRecipient(address)),
    });
    let timer: NodeJS.Timeout | undefined;
    let expire = (): void => {};
    const within = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => expire(), ms);
    };
    const uploadHooks: UploadHooks = {
      onStarted: () => {
        hooks.onStage("uploading", turnedAway());
        within(this.#deadlines.stall);
      },
      onBytes: (sent) => {
        within(upload.released ? this.#deadlines.final : this.#deadlines.stall);
        hooks.onBytes(sent);
      },
      // The server has taken what it was given: nobody waits for it.
      onPaced: (waits) => (waits ? clearTimeout(timer) : within(this.#deadlines.stall)),
      release: async () => {
        // Without the parameter the server would send it at once.
        if (!added.written()) throw new Failure("bug");
        await hooks.release(turnedAway());
        hooks.onStage("finishing");
      },
    };
    const upload = new Upload(message.source, uploadHooks, this.#uploads);
    const stop = (): void => {
      if (!upload.released) expireWith(Object.assign(new Error("stopped"), { code: "EABORT" }));
    };
    let expireWith: (error: SmtpError) => void = () => {};
    try {
      return await new Promise<AttemptOutcome>((resolve) => {
        const fail = (error: SmtpError): void => {
          this.#onBroken = () => {};
          const known = error.rejectedErrors ? results(error.rejectedErrors) : turnedAway();
          // In step with the server only when it refused before the upload, or after its end: then RSET and go on.
          if (error.response === undefined || (upload.started && !upload.released)) this.#drop();
          else this.#needsReset = true;
          if (error.code === "EABORT") resolve({ verdict: "stopped", failure: null, recipients: [] });
          else if (message.hold !== undefined && isAboutHold(error))
            resolve({ verdict: "kept-here", failure: null, recipients: [], kept: "not-offered" });
          else resolve(failedAttempt(error, { ...this.#server, from: message.from }, upload.released, known, message.to.length));
        };
        expireWith = fail;
        expire = () => fail(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }));
        this.#onBroken = fail;
        if (this.#broken) return fail(this.#broken);
        hooks.signal?.addEventListener("abort", stop, { once: true });
        if (hooks.signal?.aborted) return stop();
        within(this.#deadlines.command);
        // An attached message travels as it is, and may hold 8-bit bytes; RFC 6152 lets a 7-bit message say so too.
        const size = message.source.sizeBytes;
        const envelope = {
          from: onWire(message.from),
          to: [...own.keys()],
          size,
          use8BitMime: true,
          requireTLSExtensionEnabled: message.requireTls === true,
          ...(dsn ? { dsn } : {}),
        };
        this.#connection.send(envelope, upload, (error, info) => {
          if (error) return fail(error as SmtpError);
          // An answer to a message whose end was never sent is no answer to it.
          if (!upload.released) return fail(Object.assign(new Error("answered too early"), { code: "EPROTOCOL", response: info.response }));
          hooks.onStage("answered");
          const refused = results((info.rejectedErrors ?? []) as SmtpError[]);
          const accepted = info.accepted.map((address) => own.get(address) ?? address);
          const words = info.response.slice(0, 1000);
          const recipients = [...accepted.map((address) => ({ address, state: "accepted" as const, serverWords: words })), ...refused];
          resolve({ verdict: "answered", failure: null, recipients, goesOn: restGoesOn(recipients) });
        });
      });
    } finally {
      clearTimeout(timer);
      added.remove();
      this.#onBroken = () => {};
      hooks.signal?.removeEventListener("abort", stop);
    }
  }

  /** At once and without QUIT, which inside DATA would be a line of the message. */
  #drop(): void {
    this.#closed = true;
    this.#connection.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#broken === null) this.#connection.quit();
    setTimeout(() => this.#connection.close(), 500).unref();
  }
}
