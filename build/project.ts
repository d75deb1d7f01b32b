import { fileURLToPath } from "node:url";

/** The project's folder. */
export const PROJECT = fileURLToPath(new URL("../", import.meta.url));

/** The folder of the binaries that the lockfile brings. */
export const BIN = fileURLToPath(new URL("../node_modules/.bin/", import.meta.url));
