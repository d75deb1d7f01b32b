/** The proxy is there and does not let the line through; `words` is what it said. */
export class ProxyRefused extends Error {
  override readonly name = "ProxyRefused";
  readonly words: string;

  constructor(words: string) {
    super("the proxy refused");
    this.words = words.slice(0, 200);
  }
}

/** The proxy wants a user name and password, or others than it got. */
export class ProxyWantsSignIn extends Error {
  override readonly name = "ProxyWantsSignIn";
  readonly words: string;

  constructor(words: string) {
    super("the proxy wants a sign-in");
    this.words = words.slice(0, 200);
  }
}
