export const labelsZhCN = {
  list: "标签",
  placeholder: "加上哪个标签？",
  remove: "去掉标签「{{label}}」",
  important: "重要",
  "toast.on_other": "{{count}} 封邮件已加上标签「{{folder}}」",
  "toast.off_other": "{{count}} 封邮件已去掉标签「{{folder}}」",
} as const;
