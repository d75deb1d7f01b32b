/** Kinds of file that run something when they are opened. They can be saved; opening them from a mail is how machines are lost. */
const PROGRAM_ENDINGS =
  "exe|com|bat|cmd|msi|msp|msc|scr|pif|cpl|jar|jnlp|js|jse|vbs|vbe|wsf|wsh|wsc|sct|hta|ps1|psm1|reg|lnk|url|scf|inf|chm|xll|application|appref-ms|gadget|iso|img|vhd|vhdx|dmg|pkg|app|command|sh|desktop|appimage|deb|rpm";
const PROGRAM = new RegExp(`\\.(?:${PROGRAM_ENDINGS})[\\s.]*$`, "iu");
/** An ending that people take for the real one, before the one that counts. Blanks push that one out of sight. */
const DISGUISED = new RegExp(
  `\\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|txt|csv|jpe?g|png|gif|bmp|webp|mp3|mp4|mov|avi|zip|html?|eml)[\\s._-]*\\.(?:${PROGRAM_ENDINGS})[\\s.]*$|\\s{4,}\\.\\w+$`,
  "iu",
);
const MACROS = /\.(?:doc|dot|xls|xlt|xla|ppt|pot|ppa|pps|sld)m$/iu;

export function isProgram(name: string): boolean {
  return PROGRAM.test(name);
}

/** What is known of an attachment without opening it. */
export type FileFacts = {
  readonly name: string;
  /** The names in it, when it is an archive that could be looked into. */
  readonly inside: readonly string[];
  /** It has macros, as far as could be seen. */
  readonly macros: boolean;
};

export type FileDanger =
  | { readonly kind: "disguised"; readonly file: string }
  | { readonly kind: "program"; readonly file: string }
  | { readonly kind: "archive"; readonly file: string; readonly inside: string }
  | { readonly kind: "macros"; readonly file: string };

/** What opening this file could do, the worst of it; null when nothing is known against it. */
export function fileDanger({ name, inside, macros }: FileFacts): FileDanger | null {
  if (isProgram(name)) return DISGUISED.test(name) ? { kind: "disguised", file: name } : { kind: "program", file: name };
  const program = inside.find(isProgram);
  if (program !== undefined) return { kind: "archive", file: name, inside: program };
  return macros || MACROS.test(name) ? { kind: "macros", file: name } : null;
}
