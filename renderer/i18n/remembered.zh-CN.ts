/** 记住的发件人。 */
export const rememberedZhCN = {
  pictures: "总是显示其图片的发件人",
  noPictures: "没有。在邮件里选「总是显示此发件人的图片」，会记在这里，只存在这台电脑上。",
  oneSender: "仅此地址",
  wholeDomain: "该域名的所有人",
  picturesBack: "重新拦截 {{value}} 的图片",
  charsets: "改用其他编码阅读的发件人",
  noCharsets: "没有。在邮件里选过「以…编码阅读」的发件人会记在这里。",
  charsetBack: "重新按邮件声明的编码阅读 {{address}} 的来信",
  originals: "深色模式下按原始颜色显示的发件人",
  noOriginals: "没有。在邮件里切换过「原始颜色」的发件人会记在这里。",
  originalBack: "重新让 {{address}} 的来信适配深色模式",
} as const;
