/**
 * A feature of Chromium that both hosts switch off (its default since 2025, Linux only): it copies the whole file of each font into shared
 * memory before the first text is laid out, 20 MB and a tenth of a second for every Chinese, Japanese or Korean face.
 */
export const SLOW_FONTS = "FontDataServiceLinux";
