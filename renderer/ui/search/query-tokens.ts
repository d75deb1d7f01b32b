/** What a query says: the operators as tokens, and the words. */
export type QueryToken = { not: boolean; name: string; value: string; text: string };

const OPERATOR = /(-?)(from|to|cc|subject|has|is|in|before|after|filename):("[^"]*"|\S+)(?=\s)/gu;

/** Splits off the operators that are complete, that is, followed by a blank; the rest is still being typed. */
export function splitQuery(query: string): { tokens: QueryToken[]; words: string } {
  const tokens: QueryToken[] = [];
  const words = query.replace(OPERATOR, (text, minus: string, name: string, value: string) => {
    tokens.push({ not: minus === "-", name, value: value.replace(/^"|"$/gu, ""), text });
    return "";
  });
  return { tokens, words: words.trimStart() };
}

export function joinQuery(tokens: readonly QueryToken[], words: string): string {
  return [...tokens.map((token) => `${token.text} `), words].join("");
}
