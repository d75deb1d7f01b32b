import type { SyncStage } from "../../shared/sync-stages.ts";
import type { RoundWatch } from "./round-watch.ts";

/** The stages of opening a line, one after the other. */
export class OpeningStages {
  readonly #round: RoundWatch;
  #leave: () => void = () => undefined;

  constructor(round: RoundWatch) {
    this.#round = round;
  }

  /** The next one begins. */
  readonly at = (stage: SyncStage): void => {
    this.#leave();
    this.#leave = this.#round.stage(stage);
  };

  /** @param opened there is a line now */
  end(opened: boolean): void {
    this.#leave();
    if (opened) this.#round.opened();
  }
}
