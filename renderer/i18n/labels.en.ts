/** Gmail's labels. */
export const labelsEn = {
  list: "Labels",
  placeholder: "Which label?",
  remove: "Take the label {{label}} off",
  important: "Important",
  "toast.on_one": "{{count}} message labelled {{folder}}",
  "toast.on_other": "{{count}} messages labelled {{folder}}",
  "toast.off_one": "{{folder}} taken off {{count}} message",
  "toast.off_other": "{{folder}} taken off {{count}} messages",
} as const;
