import { create } from "zustand";
import type { AccountSettings, GivenCredential, ServerSettings, TestState } from "../../shared/contract/accounts.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { AccountId, OutgoingServerId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";

export type ConnectionTest =
  | { readonly kind: "none" }
  | { readonly kind: "starting" }
  | {
      readonly kind: "shown";
      readonly testId: string;
      readonly state: TestState;
      readonly startedAt: number;
      readonly endedAt: number | null;
    }
  /** The engine could not even begin, or has forgotten it in a restart. */
  | { readonly kind: "lost"; readonly failure: FailureData };

/** The connection test on the screen: one at a time. */
export const useConnectionTest = create<{ test: ConnectionTest }>(() => ({ test: { kind: "none" } }));

export type Subject =
  | {
      readonly kind: "new";
      readonly settings: AccountSettings;
      readonly credential: GivenCredential;
      readonly address: string;
      /** Left out: the one that is kept for the account, if there is one. */
      readonly proxyPassword?: string | null;
      readonly accountId?: AccountId;
    }
  /** With the secret that lies in the vault. */
  | { readonly kind: "existing"; readonly accountId: AccountId }
  /** An outgoing server alone; without a credential with the one that is kept for it. */
  | {
      readonly kind: "outgoing";
      readonly accountId: AccountId;
      readonly id: OutgoingServerId | null;
      readonly settings: ServerSettings;
      readonly credential: GivenCredential | null;
    };

let round = 0;

/** Begins a test and follows it to its end. Resolves with how it ended, or null when another test took its place. */
export async function runTest(subject: Subject): Promise<TestState | null> {
  round += 1;
  const mine = round;
  useConnectionTest.setState({ test: { kind: "starting" } });
  const startedAt = Date.now();
  try {
    const { testId } = await begin(subject);
    return await follow(testId, mine, startedAt);
  } catch (error) {
    if (mine === round) useConnectionTest.setState({ test: { kind: "lost", failure: asFailure(error).data() } });
    return null;
  }
}

function begin(subject: Subject): Promise<{ testId: string }> {
  if (subject.kind === "existing") return client.request("accounts.retest", { accountId: subject.accountId });
  const { kind, ...asked } = subject;
  return "address" in asked ? client.request("accounts.test", asked) : client.request("accounts.testOutgoing", asked);
}

function follow(testId: string, mine: number, startedAt: number): Promise<TestState | null> {
  return new Promise((resolve, reject) => {
    const read = (): void => {
      client.request("accounts.testState", { testId }).then(
        (state) => {
          if (mine !== round) {
            end(() => resolve(null));
            return;
          }
          const over = state.state !== "running";
          useConnectionTest.setState({ test: { kind: "shown", testId, state, startedAt, endedAt: over ? Date.now() : null } });
          if (over) end(() => resolve(state));
        },
        (error: unknown) => end(() => reject(asFailure(error))),
      );
    };
    const stops = [client.on("accounts.tested", (event) => event.testId === testId && read()), client.onConnect(read)];
    const end = (settle: () => void): void => {
      for (const stop of stops) stop();
      settle();
    };
  });
}

export function forgetTest(): void {
  round += 1;
  useConnectionTest.setState({ test: { kind: "none" } });
}
