import { asFailure, type Failure } from "../../shared/failure.ts";
import type { Session } from "../imap/session.ts";

type Errand = { run: (session: Session) => Promise<void>; giveUp: (failure: Failure) => void };

/** Single questions of other parts of the program (file this, is it in Sent?) that wait for the working connection. */
export class Errands {
  #waiting: Errand[] = [];

  ask<T>(question: (session: Session) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const run = async (session: Session): Promise<void> => {
        try {
          resolve(await question(session));
        } catch (error) {
          reject(asFailure(error));
          if (session.closed) throw error;
        }
      };
      this.#waiting.push({ run, giveUp: reject });
    });
  }

  get any(): boolean {
    return this.#waiting.length > 0;
  }

  async runAll(session: Session): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) await next.run(session);
  }

  /** The line is down: whoever asked decides when to ask again. */
  failAll(failure: Failure): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { giveUp } of waiting) giveUp(failure);
  }
}
