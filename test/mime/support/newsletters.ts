/** Mail as it is sent to many, in the ways that such mail is coloured. All of it made up. */
export const NEWSLETTERS: readonly { readonly name: string; readonly html: string }[] = [
  {
    name: "a shop's letter with a hero, a button and small print",
    html: `<html><head><style>
      body{margin:0;background:#f4f4f4} .wrap{background:#ffffff;width:600px;margin:0 auto} .hero{background:#0b3d91} .hero h1,.hero p{color:#fff}
      .btn a{background:#ff6600;color:#ffffff!important;padding:12px 24px;border-radius:4px;text-decoration:none} h2{color:#222} .small{color:#999;font-size:11px}
      td.note{background:#fff8e1;border-left:4px solid #ffc107;color:#5d4037} .pre{display:none;color:#f4f4f4}
      @media (max-width:600px){.wrap{width:100%!important}}
      </style></head><body><span class="pre">Only in the list</span><table class="wrap" cellpadding="24"><tr><td class="hero"><h1>Autumn firing</h1><p>Three kilns, one weekend.</p></td></tr>
      <tr><td><h2>What is new</h2><p style="color:#444444">Stoneware from the river works, <a href="https://kiln.example/" style="color:#0b57d0">in four glazes</a>.</p>
      <p class="btn"><a href="https://kiln.example/all">See all of it</a></p></td></tr><tr><td class="note">Open on Sunday as well.</td></tr>
      <tr><td bgcolor="#333333"><font color="#ffffff">Follow us</font> <font color="#aaaaaa">or do not</font></td></tr>
      <tr><td class="small">You get this because you asked. <a href="https://kiln.example/leave" style="color:#999">Leave</a></td></tr></table></body></html>`,
  },
  {
    name: "a Chinese letter with red and gold",
    html: `<body style="background-color:#f7f7f7;font-family:'Microsoft YaHei',sans-serif"><table width="680" align="center" bgcolor="#FFFFFF" style="border:1px solid #e5e5e5"><tr><td style="background:#c8102e;color:#ffe9b0;padding:20px;font-size:22px">十一月会员日</td></tr>
      <tr><td style="padding:24px;color:#333;line-height:1.8"><p>尊敬的林女士：</p><p>您好！本月会员价<span style="color:#e4393c;font-weight:bold">¥128</span>起，<span style="color:#999;text-decoration:line-through">原价 ¥198</span>。</p>
      <p style="background:#fff4e5;border:1px dashed #ffb74d;padding:10px;color:#8a5a00">优惠码：<b>WINTER26</b></p><a href="https://shop.example/" style="display:inline-block;background:#07c160;color:#fff;padding:10px 28px">立即查看</a></td></tr>
      <tr><td style="background:#fafafa;color:#bbb;font-size:12px;padding:16px">此邮件由系统发送，请勿回复。</td></tr></table></body>`,
  },
  {
    name: "a page that is dark already",
    html: `<body bgcolor="#101418" text="#e6e6e6" link="#7fd1ff"><div style="background:#101418;color:#e6e6e6;padding:30px"><h1 style="color:#fff">Night shift</h1><p>The kiln went up at two.</p><p style="color:#8b98a5">Sent by the controller</p><a href="https://kiln.example/log" style="color:#7fd1ff">Its log</a><div style="background:rgba(255,255,255,.08);padding:8px">Cone 10 in 9 h 40 min</div></div></body>`,
  },
  {
    name: "a letter whose sender has thought of the dark",
    html: `<head><meta name="color-scheme" content="light dark"><style>.page{background:#ffffff;color:#222222} .accent{color:#8a2be2} .card{background:#eeeeee}
      @media (prefers-color-scheme: dark){.page{background:#0d1117!important;color:#c9d1d9!important} .accent{color:#d2a8ff!important} .card{background:#161b22!important}}</style></head>
      <body class="page"><div class="page"><p>Merged.</p><p class="accent">Three checks passed</p><div class="card"><p>and one was skipped</p><span style="color:#57606a">two minutes ago</span></div></div></body>`,
  },
  {
    name: "an office letter with marked words and a table",
    html: `<body lang=EN-US link=blue vlink=purple><p style='font-family:"Calibri",sans-serif;color:black'>Please <span style='background:yellow;mso-highlight:yellow'>sign by Friday</span>, not <span style='color:red'>Monday</span>. <span style="color:windowtext">Yours</span></p>
      <table border=1 style='border-collapse:collapse;border:none'><tr style='background:#4472C4'><td style='color:white;border:solid #4472C4 1.0pt'>Item</td><td><b style='color:white'>Sum</b></td></tr><tr style='background:#D9E2F3'><td style='border:solid #8EAADB 1.0pt'>Shelves</td><td>312.00</td></tr><tr><td><font color=navy>Cones</font></td><td><span style="color:#00B050">paid</span></td></tr></table></body>`,
  },
  {
    name: "text and ground that lie far apart in the tree",
    html: `<style>.inv{color:#fff} .on-dark .t{color:#eee} td.sun{background:#ffd54f} #foot>p{color:#777}</style><div class="inv"><table style="background:#1b5e20"><tr><td>white from above</td><td class="sun"><span style="color:#000">black on sun</span> <b>white on sun</b></td></tr></table></div>
      <div class="on-dark" style="background:#5b1892 linear-gradient(90deg,#4a148c,#6a1b9a)"><p class="t">pale on violet</p></div><div style="color:#fff;background:#fff">nobody sees this</div><div id="foot" style="background:#bdbdbd"><p>grey on grey</p><p style="color:#000">black on grey</p></div>
      <div style="background:#ffffffe6"><i style="color:#0008">half of black</i></div><div bgcolor="3D&quot;#40ffff&quot;"><div style="background:#40ffff">ink on cyan</div></div>`,
  },
  {
    name: "a letter that names its colours once",
    html: `<style>:root{--ink:#1f2328;--Paper:#ffffff;--edge:1px solid #d0d7de;--brand:#0b57d0;--on-brand:#fff;--rgb:27,31,36;--soft:var(--ink)} .sheet{background:var(--Paper);color:var(--ink);border:var(--edge)} .btn{background:var(--brand);color:var(--on-brand);padding:8px} .dim{color:rgba(var(--rgb),.8)} .alias{color:var(--soft)} .lost{color:var(--nobody, #222)} .deep{background:var(--night, #0d1117);color:var(--on-brand)}
      .warm{--tone:#5c1a00} .cold{--tone:#00205c} .tone{color:var(--tone)}</style>
      <div class="sheet"><p>ink on paper</p><a class="btn" href="https://a.test">white on a brand</a><p class="dim">from three numbers</p><p class="alias">by another name</p><p class="lost">the name is nowhere</p><div class="deep"><p>white on night</p></div></div>
      <div style="--ownGround:#fafafa;background:var(--ownGround)"><p style="color:var(--ink)">a name of its own</p></div><div class="warm"><p class="tone">warm</p></div><div class="cold"><p class="tone">cold</p></div><div class="unknown" style="background:#fff"><b style="color:var(--on-brand)">nobody sees this</b></div>`,
  },
  {
    name: "a letter that names its colours for the dark as well",
    html: `<style>:root{--page:#ffffff;--words:#24292f;--shade:#f6f8fa} @media (prefers-color-scheme: dark){:root{--page:#0d1117;--words:#e6edf3} html{background:#0d1117}} .page{background:var(--page);color:var(--words);padding:20px} .shade{background:var(--shade)}</style><div class="page"><p>own words in both</p><div class="shade"><p>on a shade that was forgotten</p></div><p style="color:var(--words)">and said at its place</p></div><p>on the page</p>`,
  },
  {
    name: "rows that are told by their place",
    html: `<style>table.l td{background:#1b3a5c;color:#fff} tr:nth-child(even) td{background:#f4f4f4} tr:nth-child(2n) td{color:#333} tr:first-child td{background:#ffd54f;color:#000} td + td{background:#5b1892} td:last-child{color:#eee} h4 ~ p{color:#fff} :is(.k, .n) > i{color:#fafafa} li:not(.a, .b){background:#123}</style>
      <table class="l"><tr><td>head</td><td>head two</td></tr><tr><td>even</td><td>even two</td></tr><tr><td>odd</td><td>odd two</td></tr></table>
      <div style="background:#004d40"><p style="color:#b2dfdb">before</p><h4 style="color:#fff">heading</h4><p>behind it</p><p>and further</p></div><div class="k" style="background:#222"><i>pale in the dark</i></div><ul style="color:#eee"><li class="a" style="color:#222">as it is</li><li>on a dark strip</li></ul>`,
  },
];
