import ICAL from "ical.js";

// RFC 5545 §3.1: 75 bytes with the blank that a further line begins with, which the library does not count.
ICAL.foldLength = 74;

/** The library of calendars. */
export { ICAL };
