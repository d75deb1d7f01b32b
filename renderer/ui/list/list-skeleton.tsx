import type { ReactNode } from "react";
import { SkeletonBar } from "../parts/skeleton.tsx";

const WIDTHS = [38, 30, 46, 26, 40, 34, 44, 30, 36];

/** Bars in the place of a list that is not here yet, fading downwards. */
export function ListSkeleton(): ReactNode {
  return (
    <div className="list-skeleton" aria-hidden="true">
      <SkeletonBar width={56} />
      <br />
      {WIDTHS.map((width, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike and never move
        <Bars key={at} width={width} />
      ))}
    </div>
  );
}

/** One row whose data is still on its way. */
export function SkeletonRow({ rank, top }: { rank: number; top: number }): ReactNode {
  return (
    <div className="msg" role="row" tabIndex={-1} aria-rowindex={rank + 1} aria-busy="true" style={{ top }} data-placeholder="">
      <div role="gridcell" tabIndex={-1} className="msg-cell">
        <Bars width={WIDTHS[rank % WIDTHS.length] ?? 40} />
      </div>
    </div>
  );
}

function Bars({ width }: { width: number }): ReactNode {
  return (
    <div>
      <div className="first">
        <SkeletonBar width={`${width}%`} height={12} />
        <SkeletonBar width={36} />
      </div>
      <SkeletonBar width={`${width + 34}%`} />
      <SkeletonBar width={`${width + 48}%`} />
    </div>
  );
}
