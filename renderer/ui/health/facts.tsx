import type { ReactNode } from "react";

export type Fact = { name: string; value: ReactNode; tone?: "warn" | undefined };

/** Numbers with their names, side by side as far as there is room. */
export function Facts({ facts }: { facts: readonly Fact[] }): ReactNode {
  return (
    <dl className="health-facts">
      {facts.map(({ name, value, tone }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={tone}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
