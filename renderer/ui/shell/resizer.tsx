import type { KeyboardEvent, PointerEvent, ReactNode } from "react";

type Props = { label: string; value: number; least: number; most: number; onChange(width: number): void };

const KEY_STEP = 16;

/** The edge between two panes, for the pointer and the arrow keys. `value` is the width of the pane before it in px. */
export function Resizer({ label, value, least, most, onChange }: Props): ReactNode {
  const set = (width: number): void => onChange(Math.round(Math.min(most, Math.max(least, width))));
  const press = (event: PointerEvent<HTMLDivElement>): void => {
    const handle = event.currentTarget;
    const start = event.clientX;
    handle.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent): void => set(value + moved.clientX - start);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", move), { once: true });
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === "ArrowLeft") set(value - KEY_STEP);
    if (event.key === "ArrowRight") set(value + KEY_STEP);
  };
  return (
    <div
      className="resizer"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={press}
      onKeyDown={key}
    />
  );
}
