// The library ships no types for the part of it that is told to do less.
declare module "jsdom/lib/jsdom/living/css/CSSStyleDeclaration-impl.js" {
  export const implementation: { readonly prototype: object };
}
