/**
 * Node looks names up and reads files with the same few threads, four if nobody says otherwise. A name server that does not answer keeps one for half a minute, so that
 * two accounts whose servers cannot be found would keep everything else waiting, messages that are opened too.
 */
const HELPERS = "16";

/** To be called before anything is read or looked up. What the user has set stays. */
export function moreHelpers(env: NodeJS.ProcessEnv): void {
  env["UV_THREADPOOL_SIZE"] ??= HELPERS;
}
