import { createContext } from "react";

/** False for what is laid out but not shown yet: it fetches and decodes nothing that the eye alone would want. */
export const InSight = createContext(true);
