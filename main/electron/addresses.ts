/** The scheme of the window and of the assets of mail. */
export const SCHEME = "satchel";
/** The one origin that exists in this program. */
export const ORIGIN = `${SCHEME}://app`;
export const WINDOW_ADDRESS = `${ORIGIN}/index.html`;
/** Name of the message by which a window asks for its line, and gets it. The window listens for the same name. */
export const PORT_MESSAGE = "satchel-port";

/** Whether an address belongs to the program itself. */
export function isOwn(address: string): boolean {
  return address.startsWith(`${ORIGIN}/`);
}
