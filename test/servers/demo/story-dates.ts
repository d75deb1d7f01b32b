const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = "January February March April May June July August September October November December".split(" ");
const CHINESE_MONTHS = "一 二 三 四 五 六 七 八 九 十 十一 十二".split(" ");

// Written out and not asked of Intl, whose first use costs more than all mails together.
const FORMS: Readonly<Record<string, (day: Date) => string>> = {
  day: (day) => `${WEEKDAYS[day.getDay()]} ${date(day)}`,
  date,
  weekday: (day) => WEEKDAYS[day.getDay()] ?? "",
  ordinal: (day) => ordinal(day.getDate()),
  number: (day) => String(day.getDate()),
  cjk: (day) => `${day.getMonth() + 1} 月 ${day.getDate()} 日`,
  ja: (day) => "日月火水木金土".charAt(day.getDay()),
  zh: (day) => `周${"日一二三四五六".charAt(day.getDay())}`,
  month: (day) => `${CHINESE_MONTHS[day.getMonth()]}月`,
};

/** Days that people speak of: `{+7:date}` is the day in a week, written in English; the forms are those above. */
export function fillDates(text: string, now: Date): string {
  return text.replace(/\{([+-]\d+):(\w+)\}/g, (mark, days: string, form: string) => {
    const day = new Date(now);
    day.setDate(day.getDate() + Number(days));
    return FORMS[form]?.(day) ?? mark;
  });
}

function date(day: Date): string {
  return `${day.getDate()} ${MONTHS[day.getMonth()]}`;
}

function ordinal(number: number): string {
  const ending = number % 100 >= 11 && number % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${ending}`;
}
