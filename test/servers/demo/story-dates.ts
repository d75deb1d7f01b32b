const FORMS: Readonly<Record<string, (day: Date) => string>> = {
  day: (day) => `${weekday(day, "en-GB", "long")} ${date(day)}`,
  date,
  weekday: (day) => weekday(day, "en-GB", "long"),
  ordinal: (day) => ordinal(day.getDate()),
  number: (day) => String(day.getDate()),
  cjk: (day) => `${day.getMonth() + 1} 月 ${day.getDate()} 日`,
  ja: (day) => weekday(day, "ja", "short"),
  zh: (day) => weekday(day, "zh-CN", "short"),
  month: (day) => `${["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"][day.getMonth()]}月`,
};

/** Days that people speak of: `{+7:date}` is the day in a week, written in English; the forms are those above. */
export function fillDates(text: string, now: Date): string {
  return text.replace(/\{([+-]\d+):(\w+)\}/g, (mark, days: string, form: string) => {
    const day = new Date(now);
    day.setDate(day.getDate() + Number(days));
    return FORMS[form]?.(day) ?? mark;
  });
}

function weekday(day: Date, language: string, length: "long" | "short"): string {
  return day.toLocaleDateString(language, { weekday: length });
}

function date(day: Date): string {
  return day.toLocaleDateString("en-GB", { day: "numeric", month: "long" });
}

function ordinal(number: number): string {
  const ending = number % 100 >= 11 && number % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${ending}`;
}
