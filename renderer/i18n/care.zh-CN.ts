import type { careEn } from "./care.en.ts";

export const careZhCN: Record<keyof typeof careEn, string> = {
  title: "检查这台电脑上的全部内容",
  hint: "逐个读取邮件文件，并核对邮件库、列表和搜索索引。发现问题会立即修复。",
  check: "检查",
  checking: "正在检查",
  progress: "{{total}} 个文件中的第 {{checked}} 个",
  starting: "正在读取邮件库…",
  whole: "一切正常：已检查 {{files}} 个文件。",
  found: "已检查 {{files}} 个文件。",
  damaged_one: "有 1 个文件缺失或损坏，对应的邮件会重新下载。",
  damaged_other: "有 {{count}} 个文件缺失或损坏，对应的邮件会重新下载。",
  unindexed_one: "搜索索引中缺少 1 封邮件，正在补上。",
  unindexed_other: "搜索索引中缺少 {{count}} 封邮件，正在补上。",
  unneeded_one: "有 1 个文件已不再需要，将被清理。",
  unneeded_other: "有 {{count}} 个文件已不再需要，将被清理。",
  recounted: "计数和列表与邮件不符，已重新生成。",
  database: "邮件库有损坏的页。请重新启动 Satchel：它会先修复，不会丢弃任何内容。",
};
