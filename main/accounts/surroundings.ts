import { lookup, Resolver } from "node:dns/promises";
import { connect, type Socket } from "node:net";
import { type AllDoors, DOORS } from "../plan/diagnosis.ts";

export type Address = { readonly address: string; readonly family: number };

/** What a connection test takes from the computer; tests plant faults here. */
export type Surroundings = {
  /** Rejects with an error that has a `code` of Node's or c-ares'. */
  readonly lookup: (host: string) => Promise<readonly Address[]>;
  /** Opens a line to an address within so many ms; rejects with the system's error. */
  readonly connect: (address: string, port: number, withinMs: number) => Promise<Socket>;
  /** ms UTC */
  readonly now: () => number;
  readonly doors: AllDoors;
  /** Longest wait for one step, ms. */
  readonly stepMs: number;
};

/** getaddrinfo only knows "not found" and "try again"; the name server itself says why. */
async function lookUp(host: string): Promise<readonly Address[]> {
  try {
    return await lookup(host, { all: true });
  } catch (error) {
    const asked = new Resolver({ timeout: 3000, tries: 1 });
    const why: unknown = await asked.resolve4(host).then(
      () => error,
      (answer: unknown) => answer,
    );
    throw why;
  }
}

function openSocket(address: string, port: number, connectMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, noDelay: true });
    const timer = setTimeout(() => socket.destroy(Object.assign(new Error("no line in time"), { code: "ETIMEDOUT" })), connectMs);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", reject);
      resolve(socket);
    });
    socket.once("error", reject);
    socket.once("close", () => clearTimeout(timer));
  });
}

export const SURROUNDINGS: Surroundings = { lookup: lookUp, connect: openSocket, now: Date.now, doors: DOORS, stepMs: 10_000 };
