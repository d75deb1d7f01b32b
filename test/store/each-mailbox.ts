import { afterEach, beforeEach, expect } from "vitest";
import { contradictions } from "./check-store.ts";
import { newMailbox, newProfile, type Profile } from "./mailbox.ts";

export type Mailbox = { readonly profile: Profile } & ReturnType<typeof newMailbox>;

/**
 * Gives each test of the file a profile with an account and the usual folders, and finds afterwards that the store contradicts itself nowhere.
 * Apart from `mailbox.ts`, which processes without a test read as well.
 */
export function eachMailbox(take: (mailbox: Mailbox) => void): void {
  let profile: Profile;
  beforeEach(() => {
    profile = newProfile();
    take({ profile, ...newMailbox(profile.store) });
  });
  afterEach(() => {
    expect(contradictions(profile.store)).toEqual([]);
    profile.remove();
  });
}
