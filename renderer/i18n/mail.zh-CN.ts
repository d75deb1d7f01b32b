export const mailZhCN = {} as const;
