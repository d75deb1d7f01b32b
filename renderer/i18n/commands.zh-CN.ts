export const commandsZhCN = {} as const;
