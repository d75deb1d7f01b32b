import { useEffect, useState } from "react";
import { knownPeople } from "../../state/known-people.ts";

/**
 * For each address the known addresses with the same part before the @: a new domain beside a well-known person is usually a
 * slip. Asked once for each address.
 */
export function useKnownNear(addresses: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const [near, setNear] = useState<ReadonlyMap<string, readonly string[]>>(new Map());
  const wanted = addresses.map((address) => address.toLowerCase()).filter((address) => address.includes("@") && !near.has(address));
  const first = wanted[0];
  useEffect(() => {
    if (first === undefined) return;
    let live = true;
    void knownPeople(first.slice(0, first.lastIndexOf("@")), 10).then((people) => {
      if (live) setNear((now) => new Map([...now, [first, people.map((person) => person.address)]]));
    });
    return () => {
      live = false;
    };
  }, [first]);
  return near;
}
