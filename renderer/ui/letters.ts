/**
 * The name of a family that stands between the system's Latin faces and those for Chinese, Japanese and Korean, for letters that the latter lack: where a computer has no other faces (many a
 * Linux), "ć" would be put together from their "c" and an accent that has no place of its own there, and come out beside the letter. Nothing is loaded: it
 * names what is on the computer.
 */
const LETTERS = "Satchel Letters";

/** Latin beyond what those faces have, and Greek and Cyrillic whole, so that no word changes its face in the middle. */
const RANGE =
  "U+104-10F, U+114-119, U+11C-127, U+12C-142, U+145-14B, U+150-151, U+154-167, U+16E-1CC, U+1DD-24F, U+370-52F, U+1E00-1E3D, U+1E40-1FFF";
const FACES = ["Noto Sans", "DejaVu Sans", "Liberation Sans", "FreeSans"] as const;

/** The rules that make the family, for the window's own page and for each frame. */
export const LETTERS_STYLE: string = [
  { weight: "1 550", style: "" },
  { weight: "551 1000", style: " Bold" },
]
  .map(({ weight, style }) => {
    const sources = FACES.map((face) => `local("${face}${style}")`).join(", ");
    return `@font-face { font-family: "${LETTERS}"; font-weight: ${weight}; src: ${sources}; unicode-range: ${RANGE}; }`;
  })
  .join("\n");
