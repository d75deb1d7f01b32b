/** What the system tells while the window is not in front, and the setting for it. */
export const tellEn = {
  some: "New mail",
  count_one: "{{count}} new message",
  count_other: "{{count}} new messages",
  between: ", ",
  look: "Something in Satchel waits for you",
  nobody: "No sender",
  "setting.label": "Tell of new mail",
  "setting.hint": "While Satchel is not in front. What arrives together is told once.",
  "setting.off": "Not at all",
  "setting.number": "Only how much",
  "setting.words": "Sender and subject",
  "allow.ask": "The browser has not been asked yet whether Satchel may show notifications.",
  "allow.button": "Ask it now",
  "allow.denied":
    "The browser shows no notifications of Satchel. Allow them for this page in the browser: click the sign left of the address, then Notifications.",
  "allow.missing": "This browser cannot show notifications.",
  "account.label": "Tell of new mail",
  "account.hint": "Off: mail of this account arrives without a word.",
  "account.all": "Telling is off for all accounts, in the settings under Reading.",
};
