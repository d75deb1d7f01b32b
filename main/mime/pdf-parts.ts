/** Whether a part says of itself to be a PDF document. */
export function isPdf({ type, name }: { readonly type: string; readonly name: string }): boolean {
  return type === "application/pdf" || type === "application/x-pdf" || /\.pdf$/iu.test(name);
}
