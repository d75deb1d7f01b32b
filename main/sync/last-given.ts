import type { Credential } from "../../shared/contract/accounts.ts";

/** Asks for credentials and remembers the last, so that the one which a server refused can be named. */
export class LastGiven {
  readonly #ask: (refused: Credential | null) => Promise<Credential>;
  #last: Credential | null = null;

  constructor(ask: (refused: Credential | null) => Promise<Credential>) {
    this.#ask = ask;
  }

  /** @param refused the server did not take the last one */
  async next(refused: boolean): Promise<Credential> {
    this.#last = await this.#ask(refused ? this.#last : null);
    return this.#last;
  }
}
