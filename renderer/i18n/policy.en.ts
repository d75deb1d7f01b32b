/** What an organisation has set for its computers. */
export const policyEn = {
  set: "Set by {{organisation}}",
  head: "{{organisation}} manages some settings of this Satchel",
  more: "They are greyed where they stand. The policy lies in {{place}}.",
  domains: "Only accounts of {{domains}} can be added.",
  brokenHead: "A policy for this computer cannot be read",
  broken: "{{place}}: {{problem}}. Nothing of it is in force. Tell whoever manages this computer.",
} as const;
