/** The server will not do it; answered with NO and this text, response code included. */
export class Refusal extends Error {}
