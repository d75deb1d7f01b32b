/** Takes the client's answers; says the next challenge, or whether it may come in. */
export type Dialogue = (line: string) => string | boolean;

type Known = { readonly user: string; readonly password: string; readonly token: string };

const decoded = (line: string): string => Buffer.from(line, "base64").toString("utf8");
/** What Google says to a token it does not like, before it refuses. */
const NO_TOKEN = Buffer.from('{"status":"400"}').toString("base64");

export function authenticate(mechanism: string, { user, password, token }: Known): Dialogue {
  switch (mechanism) {
    case "PLAIN":
      return (line) => decoded(line) === `\0${user}\0${password}`;
    case "LOGIN": {
      let name: string | null = null;
      return (line) => {
        if (name !== null) return name === user && decoded(line) === password;
        name = decoded(line);
        return Buffer.from("Password:").toString("base64");
      };
    }
    case "XOAUTH2":
      return bearer((line) => decoded(line) === `user=${user}\u0001auth=Bearer ${token}\u0001\u0001`, "");
    case "OAUTHBEARER":
      return bearer((line) => decoded(line).startsWith(`n,a=${user},`) && decoded(line).includes(`auth=Bearer ${token}\u0001`), "AQ==");
    default:
      return () => false;
  }
}

/** A wrong token is explained in a challenge; the client has to answer it in one way only. */
function bearer(good: (line: string) => boolean, acknowledgement: string): Dialogue {
  let explained = false;
  return (line) => {
    if (explained) {
      if (line !== acknowledgement) throw new Error(`the client answered the explanation with ${line}`);
      return false;
    }
    if (good(line)) return true;
    explained = true;
    return NO_TOKEN;
  };
}
