import type { Vector } from "./vector.ts";
import { LINKS } from "./vectors/links.ts";
import { LOADING } from "./vectors/loading.ts";
import { SCRIPTS } from "./vectors/scripts.ts";
import { STYLES } from "./vectors/styles.ts";

export const VECTORS: readonly Vector[] = [...LOADING, ...LINKS, ...STYLES, ...SCRIPTS];
