export const shellZhCN = {} as const;
