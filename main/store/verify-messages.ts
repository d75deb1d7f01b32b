/** What Verification gives its thread. */
export type VerifyOrder = { readonly storeFile: string; readonly indexFile: string; readonly blobDir: string };

export type Found = {
  readonly files: number;
  /** Hashes whose file is missing or has other bytes. */
  readonly damaged: readonly string[];
  /** Hashes of files that no message names. */
  readonly unneeded: readonly string[];
  /** Message ids. */
  readonly unindexed: readonly number[];
  readonly miscounted: boolean;
  /** SQLite found a page that is not in order. */
  readonly database: boolean;
};

/** What the thread says. */
export type VerifyMessage =
  | { readonly kind: "progress"; readonly checked: number; readonly total: number }
  | { readonly kind: "found"; readonly found: Found };
