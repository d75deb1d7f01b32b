import { JSDOM, VirtualConsole } from "jsdom";

/** What in this HTML, parsed again as a browser would, could run, send or load. */
export function executableTraces(html: string): string[] {
  const { document } = new JSDOM(`<!doctype html><body>${html}</body>`, { virtualConsole: new VirtualConsole() }).window;
  const traces: string[] = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (/^(?:script|iframe|frame|object|embed|applet|form|base|meta|link|svg|math|input|button|template)$/u.test(element.localName))
      traces.push(element.outerHTML);
    for (const { name, value } of element.attributes) {
      if (/^on/iu.test(name) || /^(?:srcdoc|action|formaction|ping)$/u.test(name)) traces.push(`${name}=${value}`);
      // A browser drops blanks and control characters before it looks at the scheme.
      if (
        /^(?:href|src|background|poster|xlink:href)$/u.test(name) &&
        /^(?:javascript|vbscript|data:(?!image\/))/iu.test(value.replace(/[\p{Cc}\s]/gu, ""))
      )
        traces.push(`${name}=${value}`);
      if (name === "style" && /expression\s*\(|javascript:|behavior\s*:|-moz-binding/iu.test(value)) traces.push(`style=${value}`);
    }
  }
  return traces;
}
