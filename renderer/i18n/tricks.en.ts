/** The tricks that mail plays, each named in a sentence. */
export const tricksEn = {
  disguised: "“{{file}}” passes itself off as a document. It is a program.",
  archive: "“{{file}}” has a program in it: {{inside}}.",
  program: "“{{file}}” is a program.",
  macros: "“{{file}}” can run macros when it is opened.",
  unvouched: "Nobody vouches for the sender’s address: {{domain}} signs its mail, and this is not signed by it.",
  "unvouched-altered": "Nobody vouches for the sender’s address: {{domain}} signs its mail, and the signature on this does not fit.",
  "name-is-address": "The sender’s name shows {{shown}}, but the address is {{real}}.",
  "known-name": "You know {{name}} as {{known}}. This comes from {{real}}.",
  "look-alike": "{{shown}} only looks like {{looks}}: some of its letters are others.",
  "reply-elsewhere": "Answers go to {{real}}, not to the sender’s domain.",
  "link-elsewhere": "A link says {{shown}} and leads to {{real}}.",
};
