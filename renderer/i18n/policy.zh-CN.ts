import type { policyEn } from "./policy.en.ts";

export const policyZhCN: Record<keyof typeof policyEn, string> = {
  set: "由{{organisation}}设置",
  head: "{{organisation}}管理这里的部分设置",
  more: "这些设置在原处显示为灰色。策略文件在 {{place}}。",
  domains: "只能添加 {{domains}} 的账户。",
  brokenHead: "这台电脑的策略文件无法读取",
  broken: "{{place}}：{{problem}}。其中的内容都没有生效。请告知管理这台电脑的人。",
};
