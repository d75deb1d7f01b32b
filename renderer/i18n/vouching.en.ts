/** Who answers for the sender's address, in the details of a message. */
export const vouchingEn = {
  label: "Who it is really",
  signed: "Signed by {{domain}}",
  path: "Sent by a server of {{domain}}",
  forwarded: "Signed by {{domain}} before it was handed on",
  forwardedThrough: "Signed by {{domain}} before {{through}} handed it on",
  unvouched: "Nobody vouches for the sender’s address",
  here: "Checked on this computer.",
  byServer: "Checked by your server, {{server}}.",
  unknown: "Not known",
  unknownWhy: "Nothing speaks against it.",
};
