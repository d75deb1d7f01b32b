/** What would paint over its neighbours if nothing held it in: no addresses, so pictures of the ground around it tell. */
export const PAINTERS: Readonly<Record<string, string>> = {
  "fixed cover": '<div style="position:fixed;inset:-900px;background:#f00;z-index:2147483647">x</div>',
  "absolute far outside": '<div style="position:absolute;top:-900px;left:-900px;width:5000px;height:5000px;background:#f00">x</div>',
  "margins below zero": '<div style="margin:-900px;padding:3000px;background:#f00">x</div>',
  "shadow of a box": '<div style="box-shadow:0 0 0 5000px #f00">x</div>',
  "shadow of a text": '<p style="text-shadow:-60px -60px 0 #f00;font-size:60px">MMMMM</p>',
  outline: '<div style="outline:5000px solid #f00">x</div>',
  transform: '<div style="transform:scale(90);background:#f00">x</div>',
  "drop shadow": '<div style="filter:drop-shadow(-80px -80px 0 #f00);width:80px;height:80px;background:#f00">x</div>',
  sheet: "<style>html,body{position:fixed;inset:-900px;background:#f00!important;overflow:visible!important}</style><p>x</p>",
  dialog: '<dialog open style="position:fixed;inset:0;width:100vw;height:100vh;margin:-200px;max-width:none;background:#f00">x</dialog>',
  "wide line": `<p style="background:#f00;margin:-100px;white-space:nowrap;font-size:90px">${"M".repeat(400)}</p>`,
};
