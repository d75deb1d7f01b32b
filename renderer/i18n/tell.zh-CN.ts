import type { tellEn } from "./tell.en.ts";

export const tellZhCN: Record<Exclude<keyof typeof tellEn, "count_one">, string> = {
  some: "有新邮件",
  count_other: "{{count}} 封新邮件",
  between: "、",
  look: "Satchel 有事情需要处理",
  nobody: "没有发件人",
  "setting.label": "新邮件通知",
  "setting.hint": "Satchel 不在最前面时提醒；同时到达的邮件只提醒一次。",
  "setting.off": "不通知",
  "setting.number": "只显示数量",
  "setting.words": "显示发件人和主题",
  "allow.ask": "还没有向浏览器申请显示通知的权限。",
  "allow.button": "现在申请",
  "allow.denied": "浏览器已禁止 Satchel 显示通知。请点击地址栏左侧的图标，在“通知”一项中允许本页面。",
  "allow.missing": "这个浏览器不支持通知。",
  "account.label": "新邮件通知",
  "account.hint": "关闭后，这个账户收到新邮件时不再提醒。",
  "account.all": "所有账户的通知都已关闭，可在设置的“阅读”中打开。",
};
