import type { ReactNode } from "react";

/**
 * What a step of a walkthrough looks like at the provider, drawn by ourselves and without a word: the settings page, a service that is switched on, a
 * phone that is asked, a secret that is made, and one that is pasted.
 */
export const DRAWINGS = ["settings", "switch", "phone", "make", "paste"] as const;
export type Drawing = (typeof DRAWINGS)[number];

/** By the keys of `i18n/guides`, one for each step. */
export const DRAWN: Readonly<Record<string, readonly Drawing[]>> = {
  gmail: ["switch", "settings", "make", "paste"],
  icloud: ["settings", "make", "paste"],
  yahoo: ["settings", "make", "paste"],
  fastmail: ["settings", "make", "paste"],
  gmx: ["settings", "switch", "paste"],
  zoho: ["switch", "make", "paste"],
  yandex: ["switch", "make", "paste"],
  qq: ["settings", "switch", "phone", "paste"],
  exmail: ["settings", "switch", "make"],
  netease: ["settings", "phone", "paste"],
  sina: ["settings", "phone", "paste"],
  aliyun: ["settings", "paste"],
  mobile139: ["settings", "phone", "paste"],
  sohu: ["settings", "phone", "paste"],
  telecom189: ["settings", "phone", "paste"],
  code: ["settings", "phone", "paste"],
  app: ["settings", "make"],
};

/** Beside the words of a step, which say all of it: a screen reader passes it by. */
export function GuideDrawing({ of }: { of: Drawing }): ReactNode {
  return (
    <svg className="guide-drawing" viewBox="0 0 96 56" width="96" height="56" aria-hidden="true" focusable="false" data-drawing={of}>
      {PARTS[of]}
    </svg>
  );
}

/** A page of the web, on which everything happens but what is done with a phone. */
const page = (
  <>
    <rect className="sheet" x="0.5" y="0.5" width="95" height="55" rx="5" />
    <path className="hair" d="M0.5 11.5h95" />
    <circle className="dot" cx="7" cy="6" r="1.5" />
    <circle className="dot" cx="12" cy="6" r="1.5" />
    <rect className="faint" x="20" y="4" width="48" height="4" rx="2" />
  </>
);

/** Six of the letters of a secret. */
const letters = (x: number, y: number): ReactNode =>
  [0, 1, 2, 3, 4, 5].map((at) => <rect key={at} className="ink" x={x + at * 7} y={y} width="5" height="6" rx="1" />);

const PARTS: Readonly<Record<Drawing, ReactNode>> = {
  settings: (
    <>
      {page}
      <path className="hair" d="M26.5 11.5v44" />
      {[18, 26, 42].map((y) => (
        <rect key={y} className="faint" x="5" y={y} width="16" height="3" rx="1.5" />
      ))}
      <rect className="soft" x="3" y="31.5" width="21" height="7" rx="2" />
      <rect className="ink" x="5" y="33.5" width="14" height="3" rx="1.5" />
      {[19, 28, 37, 46].map((y, at) => (
        <rect key={y} className={at === 1 ? "ink" : "faint"} x="32" y={y} width={at === 1 ? 44 : 56 - at * 6} height="3" rx="1.5" />
      ))}
    </>
  ),
  switch: (
    <>
      {page}
      <rect className="faint" x="8" y="20" width="34" height="3" rx="1.5" />
      <rect className="faint" x="72" y="17.5" width="16" height="8" rx="4" />
      <rect className="soft" x="4" y="29" width="88" height="16" rx="3" />
      <rect className="ink" x="8" y="35.5" width="40" height="3" rx="1.5" />
      <rect className="ink" x="72" y="33" width="16" height="8" rx="4" />
      <circle className="knob" cx="84" cy="37" r="3" />
    </>
  ),
  phone: (
    <>
      <rect className="sheet" x="32.5" y="0.5" width="31" height="55" rx="5" />
      <path className="hair" d="M44 4.5h8" />
      <rect className="soft" x="37" y="12" width="22" height="13" rx="3" />
      <rect className="ink" x="40" y="16" width="16" height="2" rx="1" />
      <rect className="ink" x="40" y="20" width="10" height="2" rx="1" />
      <rect className="faint" x="37" y="30" width="14" height="9" rx="3" />
      <path className="line" d="M70 22h12m-4-4 4 4-4 4" />
    </>
  ),
  make: (
    <>
      {page}
      <rect className="soft" x="8" y="18" width="80" height="14" rx="3" />
      {letters(14, 22)}
      <path className="line" d="M76 22v6m-3-3h6" />
      <rect className="ink" x="60" y="39" width="28" height="9" rx="3" />
      <rect className="knob" x="66" y="42.5" width="16" height="2" rx="1" />
    </>
  ),
  paste: (
    <>
      <rect className="soft" x="26" y="2" width="50" height="14" rx="3" />
      {letters(31, 6)}
      <path className="line" d="M51 20v9m-4-4 4 4 4-4" />
      <rect className="sheet" x="8.5" y="34.5" width="79" height="17" rx="4" />
      {[0, 1, 2, 3, 4, 5].map((at) => (
        <circle key={at} className="ink" cx={18 + at * 7} cy="43" r="2" />
      ))}
    </>
  ),
};
