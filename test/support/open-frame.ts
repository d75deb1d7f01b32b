/** The frame of the message that is open: others are laid out beside it, for the moment when they are opened. */
export const OPEN_FRAME = "[data-pane-focus] iframe";
