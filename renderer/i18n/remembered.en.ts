/** What is remembered of senders. */
export const rememberedEn = {
  pictures: "Pictures are always shown from",
  noPictures: "Nobody. “Always from this sender” in a message is remembered here, on this computer.",
  oneSender: "this address",
  wholeDomain: "everybody there",
  picturesBack: "Block pictures from {{value}} again",
  charsets: "Read in another charset",
  noCharsets: "Nobody’s mail. What you choose under “Read as…” is remembered here for its sender.",
  charsetBack: "Read mail from {{address}} as it says again",
  originals: "Shown in their own colours in the dark",
  noOriginals: "Nobody’s mail. Where you switch to the original colours, that is remembered here for the sender.",
  originalBack: "Adapt mail from {{address}} to the dark again",
} as const;
