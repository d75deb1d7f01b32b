/** What people look for among files; `other` is found under all of them only. */
export const FILE_GROUPS = ["picture", "document", "table", "media", "archive", "mail", "other"] as const;
export type FileGroup = (typeof FILE_GROUPS)[number];

const BY_NAME: readonly (readonly [FileGroup, RegExp])[] = [
  ["mail", /\.(?:eml|msg)$/iu],
  ["picture", /\.(?:png|jpe?g|gif|webp|bmp|avif|hei[cf]|tiff?|svg|psd)$/iu],
  ["table", /\.(?:xlsx?|xlsm|csv|tsv|ods|numbers|et)$/iu],
  ["document", /\.(?:pdf|docx?|docm|rtf|odt|pptx?|odp|txt|md|pages|key|wps|ofd|epub|html?)$/iu],
  ["media", /\.(?:mp3|m4a|wav|flac|ogg|opus|amr|mp4|m4v|mov|mkv|webm|avi|wmv)$/iu],
  ["archive", /\.(?:zip|rar|7z|tar|t?gz|bz2|xz)$/iu],
];

const BY_TYPE: readonly (readonly [FileGroup, RegExp])[] = [
  ["mail", /^message\/(?:rfc822|global)$/u],
  ["picture", /^image\//u],
  ["media", /^(?:audio|video)\//u],
  ["table", /excel|spreadsheet|csv/u],
  ["document", /^text\/(?:plain|html|rtf|markdown)|pdf|word|document|presentation|powerpoint/u],
  ["archive", /zip|compressed|x-tar|x-rar|x-7z/u],
];

/** Which of them a file is, by what it is called: many senders call every file `application/octet-stream`. For finding, not for trusting. */
export function fileGroup({ type, name }: { readonly type: string; readonly name: string }): FileGroup {
  const named = BY_NAME.find(([, ending]) => ending.test(name));
  return (named ?? BY_TYPE.find(([, wanted]) => wanted.test(type.toLowerCase())))?.[0] ?? "other";
}
