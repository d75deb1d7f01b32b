import type { AnswerId } from "../../shared/answers/table.ts";
import type { FailureCode } from "../../shared/failure.ts";
import type { Planted, World } from "./world.ts";

/** What a fault is planted as, and how it is mended. */
export type Sown = {
  readonly planted: Planted;
  /** The check after the mend, or what to do before the same check again; left out where nothing here can mend it. */
  readonly mended?: Planted | (() => void | Promise<void>);
};

export type Fault = {
  readonly title: string;
  /** The answer it has to be taken for; a code where no more than that can be known. */
  readonly is: AnswerId | { readonly code: FailureCode };
  readonly sow: (world: World) => Promise<Sown> | Sown;
};
