import { createServer } from "node:http";

/** The token introspection endpoint (RFC 7662) that Dovecot asks about bearer tokens. */
export interface Introspection {
  accept(token: string, address: string): void;
  revoke(token: string): void;
  stop(): Promise<void>;
}

export async function startIntrospection(port: number): Promise<Introspection> {
  const owners = new Map<string, string>();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const token = new URLSearchParams(body).get("token") ?? "";
      const email = owners.get(token);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(email === undefined ? { active: false } : { active: true, email }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    accept: (token, address) => void owners.set(token, address),
    revoke: (token) => void owners.delete(token),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
