import type { Answer, CalendarEvent } from "../../shared/contract/calendar.ts";

const WORDS = {
  en: {
    subject: { accepted: "Accepted: ", tentative: "Maybe: ", declined: "Declined: " },
    text: {
      accepted: (who: string) => `${who} accepts the invitation.`,
      tentative: (who: string) => `${who} may come, but is not sure yet.`,
      declined: (who: string) => `${who} declines the invitation.`,
    },
    untitled: "(no title)",
    allDay: "all day",
  },
  zh: {
    subject: { accepted: "已接受：", tentative: "待定：", declined: "已谢绝：" },
    text: {
      accepted: (who: string) => `${who} 接受了邀请。`,
      tentative: (who: string) => `${who} 可能参加，暂未确定。`,
      declined: (who: string) => `${who} 谢绝了邀请。`,
    },
    untitled: "（无标题）",
    allDay: "全天",
  },
};

/** In Chinese for Chinese windows, else in English. */
export const wordsFor = (lang: string) => (lang.startsWith("zh") ? WORDS.zh : WORDS.en);

/** "Accepted: Lunch". */
export function answerSubject({ title }: Pick<CalendarEvent, "title">, answer: Answer, lang: string): string {
  const words = wordsFor(lang);
  return words.subject[answer] + (title || words.untitled);
}
