import { connect } from "../port/connect.ts";
import { createClient } from "./client.ts";

/** The one client of this window. Opening the line starts when this module is first imported. */
export const client = createClient(connect);
