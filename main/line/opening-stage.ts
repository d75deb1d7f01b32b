/** What the opening of a line waits for. */
export type OpeningStage = "connect" | "secure" | "greet" | "sign-in";
